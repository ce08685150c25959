import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { importsOf } from './imports.ts';

/** An import that goes through a wall, and what to do about it. */
export type Breach = { file: string; line: number; specifier: string; message: string };

const PURE_NAMES = new Set(['decide.ts', 'commands.ts', 'events.ts']);
// Files of a context that face the outside; any other file beside decide.ts that decisions import is domain, and checked as such.
const SHELL_NAMES = new Set(['main.ts', 'config.ts', 'subgraph.ts', 'resolvers.ts', 'handlers.ts', 'ports.ts', 'seeds.ts']);
const SHELL_FOLDERS = new Set(['adapters', 'read-models', 'generated', 'regression']);

/** Checks the two walls of docs/architecture.md over a whole repository. */
export function breaches(root: string): Breach[] {
  const contexts = folders(path.join(root, 'subgraphs'));
  const files = [...sources(root, 'subgraphs'), ...sources(root, 'kernel')];
  const pure = files.filter(isPureByName);
  const seen = new Set(pure);
  const found: Breach[] = [];
  for (const file of files) {
    for (const it of importsIn(root, file)) {
      found.push(...breach(file, it, contextWall(file, it.specifier, contexts)));
      if (file.startsWith('kernel/domain/') && !isTest(file)) found.push(...breach(file, it, kernelWall(targetOf(file, it.specifier))));
    }
  }
  // What a decision imports is domain as well, so the list grows while it is walked.
  for (const file of pure) {
    for (const it of importsIn(root, file)) {
      const target = targetOf(file, it.specifier);
      found.push(...breach(file, it, domainWall(file, target, contexts)));
      if (target.startsWith(`${contextFolder(file)}/`) && isDomain(target) && existsSync(path.join(root, target)) && !seen.has(target)) {
        seen.add(target);
        pure.push(target);
      }
    }
  }
  return found.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
}

/** Wall 1: decisions stand on nothing but the domain. Answers what is wrong. */
function domainWall(file: string, target: string, contexts: string[]): string | undefined {
  if (target === 'zod' || target === 'kernel/domain' || target.startsWith('kernel/domain/')) return undefined;
  if (target.startsWith(`${contextFolder(file)}/`)) {
    if (isDomain(target)) return undefined;
    return 'a decision must not know the outside: hand in what it needs as an argument (from handlers.ts), or move this code to adapters/';
  }
  if (contexts.some((context) => isEventsOf(context, target))) return undefined;
  return "the domain imports only itself, zod, @madang/kernel/domain and other contexts' events: take time, ids and answers of others as arguments";
}

/** Wall 1, the kernel's part of it: what decisions import must be as pure as they are. */
function kernelWall(target: string): string | undefined {
  if (target === 'zod' || target.startsWith('kernel/domain/')) return undefined;
  return 'kernel/domain imports only itself and zod: put what touches the world into another entry of the kernel';
}

/** Wall 2: contexts meet in events, and the kernel knows none of them. Answers what is wrong. */
function contextWall(file: string, specifier: string, contexts: string[]): string | undefined {
  const target = targetOf(file, specifier);
  const other = contexts.find((context) => target.startsWith(`subgraphs/${context}/`));
  if (!other || contextFolder(file) === `subgraphs/${other}`) return undefined;
  if (file.startsWith('kernel/')) return `the kernel must not know ${other}: take what differs as an argument`;
  if (isEventsOf(other, target)) return undefined;
  return `of another context only events may be imported: react to an event of @madang/${other}/events, or call its subgraph through ports.ts and adapters/`;
}

/** A path in the repository for what is ours (`@madang/payments/events` → `subgraphs/payments/events`), the specifier itself otherwise. */
function targetOf(file: string, specifier: string): string {
  if (specifier.startsWith('.')) return path.posix.join(path.posix.dirname(file), specifier);
  const [, name, rest = ''] = /^@madang\/([^/]+)\/?(.*)$/.exec(specifier) ?? [];
  if (!name) return specifier;
  const folder = ['kernel', 'router', 'tools', 'e2e', 'bench'].includes(name) ? name : `subgraphs/${name}`;
  return `${folder}/${rest}`;
}

function isEventsOf(context: string, target: string): boolean {
  return target.startsWith(`subgraphs/${context}/`) && ['events', 'events.ts'].includes(path.posix.basename(target));
}

function isPureByName(file: string): boolean {
  const [top, , ...inside] = file.split('/');
  if (top !== 'subgraphs' || isTest(file) || inside.some((folder) => SHELL_FOLDERS.has(folder))) return false;
  return PURE_NAMES.has(inside.at(-1) as string) || inside.slice(0, -1).includes('policies');
}

function isDomain(target: string): boolean {
  const inside = target.split('/').slice(2);
  return !isTest(target) && !SHELL_NAMES.has(inside.at(-1) as string) && !inside.slice(0, -1).some((folder) => SHELL_FOLDERS.has(folder));
}

function isTest(file: string): boolean {
  return file.endsWith('.spec.ts');
}

function contextFolder(file: string): string {
  return file.split('/').slice(0, 2).join('/');
}

function importsIn(root: string, file: string) {
  return importsOf(readFileSync(path.join(root, file), 'utf8'));
}

function breach(file: string, { specifier, line }: { specifier: string; line: number }, message: string | undefined): Breach[] {
  return message ? [{ file, line, specifier, message }] : [];
}

function folders(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function sources(root: string, folder: string): string[] {
  if (!existsSync(path.join(root, folder))) return [];
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => path.posix.join(folder, file.replaceAll(path.sep, '/')))
    .filter((file) => file.endsWith('.ts') && !/(^|\/)(node_modules|generated)\//.test(file));
}
