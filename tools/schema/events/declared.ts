import { createHash } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import type { EventDefinition } from '@madang/kernel/domain';
import type { Repository } from '../repository.ts';

/** An event as a context's events.ts declares it. */
export interface Declared {
  readonly context: string;
  /** The name that events.ts exports it by. */
  readonly exported: string;
  readonly event: EventDefinition;
  readonly file: string;
  readonly line: number;
  /** What its doc comment says. */
  readonly description: string | undefined;
}

/** All that the contexts declare, and the files that could not be loaded. */
export interface Declarations {
  readonly events: readonly Declared[];
  readonly failures: readonly { readonly context: string; readonly file: string; readonly message: string }[];
}

/** Loads every `subgraphs/<context>/events.ts`; these are pure, so nothing else happens. */
export async function declarations(repository: Repository, contexts = contextsWithEvents(repository)): Promise<Declarations> {
  const events: Declared[] = [];
  const failures: Declarations['failures'][number][] = [];
  for (const context of contexts) {
    const file = eventsFile(context);
    try {
      const source = repository.read(file);
      const url = pathToFileURL(repository.path(file));
      url.search = createHash('sha256').update(source).digest('hex'); // as it is now, though it may have been loaded before
      const module = (await import(url.href)) as Record<string, unknown>;
      for (const [exported, value] of Object.entries(module).sort(([a], [b]) => (a < b ? -1 : 1)))
        if (isEvent(value)) events.push({ context, exported, event: value, file, ...place(source, exported) });
    } catch (error) {
      failures.push({ context, file, message: error instanceof Error ? error.message : String(error) });
    }
  }
  return { events, failures };
}

/** The contexts that have an events.ts. */
export function contextsWithEvents(repository: Repository): string[] {
  return repository.folders('subgraphs').filter((context) => repository.exists(eventsFile(context)));
}

/** Where a context declares its events. */
export const eventsFile = (context: string): string => `subgraphs/${context}/events.ts`;

/** The same event in the same version: `payments/PaymentApproved.v1`, which is also the path of its schema. */
export const idOf = ({ context, eventName, version }: Pick<EventDefinition, 'context' | 'eventName' | 'version'>): string =>
  `${context}/${eventName}.v${version}`;

function isEvent(value: unknown): value is EventDefinition {
  return typeof value === 'function' && 'eventName' in value && 'payload' in value;
}

function place(source: string, exported: string): { line: number; description: string | undefined } {
  const [, comment] = new RegExp(String.raw`/\*\*((?:(?!\*/)[\s\S])*)\*/\s*export const ${exported}\b`).exec(source) ?? [];
  const at = source.search(new RegExp(String.raw`export const ${exported}\b`));
  const description = comment
    ?.replaceAll(/^\s*\* ?/gm, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return { line: at < 0 ? 1 : source.slice(0, at).split('\n').length, description };
}
