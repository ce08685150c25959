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
  return recall<Answer>(repository, name, inputs) ?? remember(repository, name, inputs, await work());
}

/** The answer that was given for the same inputs; undefined when there is none. */
export function recall<Answer>(repository: Repository, name: string, inputs: readonly string[]): Answer | undefined {
  try {
    const known = JSON.parse(readFileSync(fileOf(repository, name), 'utf8')) as { key: string; answer: Answer };
    return known.key === keyOf(inputs) ? known.answer : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps an answer, and answers it. */
export function remember<Answer>(repository: Repository, name: string, inputs: readonly string[], answer: Answer): Answer {
  const file = fileOf(repository, name);
  mkdirSync(path.dirname(file), { recursive: true });
  const fresh = `${file}.${process.pid}`; // renamed, so that nobody ever reads half an answer
  writeFileSync(fresh, JSON.stringify({ key: keyOf(inputs), answer }));
  renameSync(fresh, file);
  return answer;
}

const fileOf = (repository: Repository, name: string): string => repository.path(`.madang/schema-check/${name}.json`);

function keyOf(inputs: readonly string[]): string {
  const hash = createHash('sha256');
  for (const input of inputs) hash.update(`${input.length}:`).update(input);
  return hash.digest('hex');
}
