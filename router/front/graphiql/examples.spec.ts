import { readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { expect, it } from 'vitest';
import './examples.js';

const schema = buildSchema(readFileSync(new URL('../../../schema/api.graphql', import.meta.url), 'utf8'));
const { madangExamples } = globalThis as unknown as { madangExamples: { query: string; headers: string; variables?: string }[] };

it.each(madangExamples)('an example of GraphiQL fits the schema: $query', ({ query, headers, variables = '{}' }) => {
  expect(validate(schema, parse(query))).toEqual([]);
  expect(JSON.parse(headers)).toEqual({});
  expect(JSON.parse(variables)).toBeTypeOf('object');
});
