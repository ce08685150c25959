import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Kind, parse, print, separateOperations } from 'graphql';
import { operationsFolder } from '../operation-names.ts';

/** An operation that clients are known to send. */
export interface KnownOperation {
  readonly name: string;
  readonly file: string;
  readonly text: string;
}

/** The named operations of a folder's `.graphql` files, each with its fragments. What cannot be read is left out. */
export function knownOperations(folder: URL = operationsFolder): KnownOperation[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .toSorted();
  return files.flatMap((file) => operationsIn(file, readFileSync(new URL(file, folder), 'utf8')));
}

function operationsIn(file: string, text: string): KnownOperation[] {
  try {
    const document = parse(text);
    const named = document.definitions.every((one) => one.kind !== Kind.OPERATION_DEFINITION || one.name !== undefined);
    if (!named) return [];
    return Object.entries(separateOperations(document)).map(([name, own]) => ({ name, file, text: print(own) }));
  } catch {
    return [];
  }
}
