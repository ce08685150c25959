import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** The contexts of a repository, in alphabetical order: every folder `subgraphs/<context>` that has a `main.ts`. */
export function contextsOf(root: string): string[] {
  const folder = path.join(root, 'subgraphs');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(path.join(folder, name, 'main.ts')))
    .sort();
}

/** `payment-methods` → `PAYMENT_METHODS`, as in `PAYMENT_METHODS_URL`. */
export function variablePrefix(context: string): string {
  return context.toUpperCase().replaceAll('-', '_');
}
