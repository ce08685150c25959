import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { variablePrefix } from '../start/contexts.ts';

/** What a program of this repository reads from its environment. */
export type Reads = {
  /** Every variable that it knows. */
  variables: Set<string>;
  /** Those without which it does not start, or does not do its work. */
  needed: Set<string>;
};

/** Every folder below `subgraphs/`. */
export function contextFolders(root: string): string[] {
  return readdirSync(path.join(root, 'subgraphs')).filter((name) => existsSync(path.join(root, 'subgraphs', name, 'package.json')));
}

/** The contexts that this one calls: each has its documents in `adapters/<callee>.graphql`. */
export function calleesOf(root: string, context: string): string[] {
  const folder = path.join(root, 'subgraphs', context, 'adapters');
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files.filter((file) => file.endsWith('.graphql')).map((file) => file.slice(0, -'.graphql'.length));
}

/** What `subgraphs/<context>/main.ts` reads: the kernel's variables, those of its `config.ts`, its port, and its callees' addresses. */
export async function contextReads(root: string, context: string): Promise<Reads> {
  const kernel = await exported(path.join(root, 'kernel/context/config.ts'), 'kernelVariables');
  const own = await exported(path.join(root, 'subgraphs', context, 'config.ts'), 'variables');
  const addresses = calleesOf(root, context).map((callee) => `${variablePrefix(callee)}_URL`);
  const port = `${variablePrefix(context)}_PORT`;
  return {
    variables: new Set([...kernel, ...own, ...addresses, port]),
    needed: new Set(['DATABASE_URL', 'NATS_URL', 'HOST', port, ...addresses, ...[...kernel, ...own].filter(isSecret)]),
  };
}

/** What `router/main.ts` reads: its `config.ts`, and the address of every context. */
export async function routerReads(root: string): Promise<Reads> {
  const own = await exported(path.join(root, 'router/config.ts'), 'variables', ['PORT', 'HOST', 'INTERNAL_SECRET', 'LOG_LEVEL']);
  const addresses = contextFolders(root).map((context) => `${variablePrefix(context)}_URL`);
  return { variables: new Set([...own, ...addresses]), needed: new Set(['PORT', 'HOST', ...addresses, ...own.filter(isSecret)]) };
}

function isSecret(name: string): boolean {
  return name.endsWith('_SECRET');
}

async function exported(file: string, name: string, otherwise: string[] = []): Promise<string[]> {
  if (!existsSync(file)) return otherwise;
  const found = ((await import(pathToFileURL(file).href)) as Record<string, unknown>)[name];
  if (!Array.isArray(found)) throw new Error(`${file} is to export ${name}: string[], the names of the variables that it reads`);
  return found as string[];
}
