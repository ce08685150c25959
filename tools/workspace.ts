import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const root = path.resolve(fileURLToPath(new URL('..', import.meta.url)));

/** The contexts that have a database, by name. */
export function contextsWithDatabase(base = root): string[] {
  return folders(path.join(base, 'prisma')).filter(
    (name) => name !== 'kernel' && existsSync(path.join(base, 'prisma', name, 'schema.prisma')),
  );
}

/** The contexts that have an SDL, by name. */
export function contextsWithSdl(base = root): string[] {
  const folder = path.join(base, 'schema/subgraphs');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .map((file) => file.slice(0, -'.graphql'.length))
    .sort();
}

/** The name of a context's database. */
export function databaseName(context: string): string {
  return context.replaceAll('-', '_');
}

function folders(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}
