import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { settingShape } from '../router/config.ts';
import { variables as ofAccounts } from '../subgraphs/accounts/config.ts';
import { REPOSITORY } from '../tools/start/settings.ts';

const read = (file: string) => readFileSync(path.join(REPOSITORY, file), 'utf8');
const document = read('docs/security.md');

const rows = document.split('\n').filter((line) => /^\| .* \| .* \|.*\| .* \|$/.test(line) && !line.startsWith('| attack'));
const proofs = rows.map((row) => {
  const [, file = '', title = ''] = /\| `([^`]+)` › (.*) \|$/.exec(row) ?? [];
  return { file, title };
});

test('docs/security.md names a test for every attack', () => {
  for (const row of rows) expect(row).toMatch(/\| `([^`]+)` › (.*) \|$/);
  expect(proofs.length).toBeGreaterThan(60);
});

test.for(proofs)('$file has “$title”', ({ file, title }) => {
  expect(read(file).replaceAll("\\'", "'")).toContain(title);
});

test('settings that it names are there', () => {
  const known = [...Object.keys(settingShape), ...ofAccounts];
  for (const [, name = '', more] of document.matchAll(/`((?:ROUTER|ACCOUNTS|JWT|JWKS)_[A-Z_]+)(…)?`/g))
    expect(
      known.some((variable) => (more ? variable.startsWith(name) : variable === name)),
      name,
    ).toBe(true);
});
