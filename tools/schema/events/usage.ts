import path from 'node:path';
import type { Repository } from '../repository.ts';
import { type Reference, readSource, type Source } from './references.ts';

/** One place where a context does something with an event. */
export interface Use {
  /** Who does it. */
  readonly context: string;
  /** Whose event it is. */
  readonly source: string;
  /** By its name in events.ts. */
  readonly event: string;
  readonly file: string;
  readonly line: number;
}

/** What runs: read from the sources that `subgraph.ts` reaches, so that a policy nobody has wired does not count. */
export interface Usage {
  /** An event is stated where its context calls it, or hands it to what does. */
  readonly states: readonly Use[];
  /** Reactions, policies and projections. */
  readonly listens: readonly Use[];
  /** What clients can subscribe to. */
  readonly pushes: readonly Use[];
  /** Synchronous calls, by `defineContext({ calls })`. */
  readonly calls: readonly { readonly from: string; readonly to: string }[];
  /** Policies that `subgraph.ts` does not reach. */
  readonly idle: readonly { readonly context: string; readonly file: string }[];
}

const TEST = /\.(spec|e2e)\.ts$|(^|\/)(testing|regression|rebuild)\//;

/** Reads the code of all contexts. */
export function usage(repository: Repository): Usage {
  const found = { states: [] as Use[], listens: [] as Use[], pushes: [] as Use[], calls: [] as { from: string; to: string }[] };
  const idle: Usage['idle'][number][] = [];
  for (const context of repository.folders('subgraphs')) {
    const sources = reachable(repository, context);
    for (const [file, source] of sources) {
      found.calls.push(...source.calls.map((to) => ({ from: context, to })));
      for (const reference of source.references) {
        const owner = ownerOf(reference.module, context, file);
        const kind = owner && kindOf(reference, owner === context, file);
        if (owner && kind) found[kind].push({ context, source: owner, event: reference.name, file, line: reference.line });
      }
    }
    for (const file of repository.files(`subgraphs/${context}`, '.ts'))
      if (/\/policies\/[^/]+-when-[^/]+\.ts$/.test(file) && !TEST.test(file) && !sources.has(file)) idle.push({ context, file });
  }
  return { ...found, idle };
}

/** Of one's own events only what `policy` gets is listened to; of another context's everything but a look at its fields. */
function kindOf({ how, to }: Reference, own: boolean, file: string): 'states' | 'listens' | 'pushes' | undefined {
  if (how === 'when' || (how === 'argument' && (!own || to === 'policy'))) return 'listens';
  if (!own) return how === 'element' ? 'listens' : undefined;
  if (path.posix.basename(file) === 'resolvers.ts') return how === 'element' ? 'pushes' : undefined;
  return 'states';
}

function ownerOf(module: string, context: string, file: string): string | undefined {
  const [, other] = /^@madang\/([^/]+)\/events$/.exec(module) ?? [];
  if (other) return other;
  return module.startsWith('.') && path.posix.join(path.posix.dirname(file), module) === `subgraphs/${context}/events.ts`
    ? context
    : undefined;
}

/** The context's sources from `subgraph.ts` on, and its seeds and events left out: what those do, nobody reacts to. */
function reachable(repository: Repository, context: string): Map<string, Source> {
  const sources = new Map<string, Source>();
  const queue = [`subgraphs/${context}/subgraph.ts`];
  for (const file of queue) {
    if (sources.has(file) || !repository.exists(file) || file === `subgraphs/${context}/events.ts` || file.includes('/generated/'))
      continue;
    const source = readSource(repository.read(file));
    sources.set(file, source);
    for (const module of source.imports) if (module.startsWith('.')) queue.push(path.posix.join(path.posix.dirname(file), module));
  }
  return sources;
}
