import { readFileSync } from 'node:fs';
import path from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { FIRST_QUERY, SIGN_IN } from './first-query.ts';
import { REPOSITORY } from './settings.ts';

const read = (file: string) => readFileSync(path.join(REPOSITORY, file), 'utf8');
const schema = buildSchema(read('schema/api.graphql'), { assumeValidSDL: true });
const readme = read('README.md');
const blocks = [...readme.matchAll(/```graphql\n([\s\S]*?)```/g)].map(([, text = '']) => text);
const inline = [...readme.matchAll(/`(cancelTextbookApplication\(.*?\{.*?\})`/g)].map(([, text]) => `mutation { ${text} }`);

test.each([FIRST_QUERY, SIGN_IN, ...blocks, ...inline])('what a newcomer is shown is a valid operation: %s', (text) => {
  expect(validate(schema, parse(text))).toEqual([]);
});

test('the README shows what the start prints', () => {
  expect(readme).toContain(FIRST_QUERY);
  expect(blocks.length + inline.length).toBeGreaterThanOrEqual(4);
});
