import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Where the operations are that clients are known to send. */
export const operationsFolder = new URL('../schema/operations/', import.meta.url);

const NAMED = /^\s*(?:query|mutation|subscription)\s+(\w+)/gm;

/** The names of all operations in a folder's `.graphql` files: what metrics, spans and the access log tell by name. Empty when there is no folder. */
export function operationNames(folder: URL = operationsFolder): ReadonlySet<string> {
  if (!existsSync(folder)) return new Set();
  const files = readdirSync(folder).filter((file) => file.endsWith('.graphql'));
  return new Set(files.flatMap((file) => [...readFileSync(new URL(file, folder), 'utf8').matchAll(NAMED)].map(([, name = '']) => name)));
}
