import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { REPOSITORY } from '../tools/start/settings.ts';

const read = (file: string) => readFileSync(path.join(REPOSITORY, file), 'utf8');

const proofs = [...read('docs/services.md').matchAll(/^\|.*\| `([^`]+)` › (.*) \|$/gm)].map(([, file = '', title = '']) => ({
  file,
  title,
}));

test('docs/services.md names a test for every requirement', () => {
  const rows = read('docs/services.md')
    .split('\n')
    .filter((line) => /^\|(?! requirement|---)/.test(line));
  expect(proofs.length).toBe(rows.length);
  expect(proofs.length).toBeGreaterThan(40);
});

test.for(proofs)('$file has “$title”', ({ file, title }) => {
  expect(read(file)).toContain(title);
});
