import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Repository } from './repository.ts';

/**
 * The answer of earlier, as long as `inputs` (all that it depends on) are the same; in `.madang/schema-check/<name>.json`.
 * The answer has to be plain JSON.
 */
export async function remembered<Answer>(
  repository: Repository,
  name: string,
  inputs: readonly string[],
  work: () => Promise<Answer>,
): Promise<Answer> {
  const file = repository.path(`.madang/schema-check/${name}.json`);
  const hash = createHash('sha256');
  for (const input of inputs) hash.update(`${input.length}:`).update(input);
  const key = hash.digest('hex');
  const known = read<Answer>(file);
  if (known?.key === key) return known.answer;
  const answer = await work();
  mkdirSync(path.dirname(file), { recursive: true });
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, JSON.stringify({ key, answer }));
  renameSync(fresh, file);
  return answer;
}

function read<Answer>(file: string): { key: string; answer: Answer } | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { key: string; answer: Answer };
  } catch {
    return undefined;
  }
}
