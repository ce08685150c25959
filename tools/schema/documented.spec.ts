import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { Repository } from './repository.ts';

const repository = new Repository(path.join(import.meta.dirname, '../..'));
const documented = repository.read('docs/schema.md');
const sources = repository.files('tools/schema', '.ts').filter((file) => !file.endsWith('.spec.ts'));
const rules = sources.flatMap((file) =>
  [...repository.read(file).matchAll(/\b(?:rule|name): '([a-z]+(?:-[a-z]+)*)'/g)].map(([, rule]) => rule),
);

describe('docs/schema.md', () => {
  test.each([...new Set(rules)])('has the rule %s', (rule) => {
    expect(documented).toContain(`\`${rule}\``);
  });

  test('is not asked for nothing', () => expect(new Set(rules).size).toBeGreaterThan(40));
});

test('the workflow runs what CI runs, with the whole history, and the schema check for GitHub', () => {
  const { jobs } = parse(repository.read('.github/workflows/ci.yml')) as {
    jobs: Record<string, { steps: { run?: string; with?: object }[] }>;
  };
  const steps = Object.values(jobs).flatMap((job) => job.steps);
  expect(steps.map(({ run }) => run)).toContain('.ci/run');
  expect(steps.some(({ run }) => run?.includes('schema:check -- --github'))).toBe(true);
  expect(steps[0]?.with).toEqual({ 'fetch-depth': 0 });
});
