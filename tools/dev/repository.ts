import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { contextsOf } from '../start/contexts.ts';
import { importsOf } from '../walls/imports.ts';
import type { Repository } from './plan.ts';

/** The repository as it is at the moment of each question. */
export function repositoryAt(root: string): Repository {
  const contexts = contextsOf(root);
  return {
    contexts,
    readersOf: (context) => contexts.filter((other) => other !== context && readsEventsOf(root, other, context)),
    callersOf: (context) => contexts.filter((other) => existsSync(path.join(root, 'subgraphs', other, 'adapters', `${context}.graphql`))),
  };
}

function readsEventsOf(root: string, reader: string, context: string): boolean {
  const folder = path.join(root, 'subgraphs', reader);
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.includes('generated'),
  );
  return sources.some((file) => {
    const text = readFileSync(path.join(folder, file), 'utf8');
    return text.includes(`${context}/events`) && importsOf(text).some(({ specifier }) => specifier.includes(`${context}/events`));
  });
}
