import type { Actor } from '@madang/kernel/domain';
import type { Metrics } from '../../metrics.ts';
import type { Said } from '../answers.ts';
import { type Data, isObject } from '../data.ts';
import { rightsOf } from '../subscriptions/subscriptions.ts';
import { AnswerCache, type Place, type Why } from './cache.ts';
import { zero } from './cache-metrics.ts';
import type { CacheKnowledge, Caching } from './caching.ts';
import type { Change, Changes } from './changes.ts';
import type { CachePolicy } from './policy.ts';

export interface ResponseCacheOptions {
  readonly knowledge: CacheKnowledge;
  readonly subgraphs: readonly string[];
  readonly changes: Changes;
  /** Most memory. */
  readonly bytes: number;
  readonly metrics: Metrics;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What is there of an answer. */
export interface Looked {
  /** For how long what was found is good; where nothing was found, for how long the answer will be. */
  readonly policy: CachePolicy;
  /** Nothing has to be asked. */
  readonly isComplete: boolean;
  /** Of the representations those that are still to be asked about; null where it is not about entities. */
  readonly left: readonly string[] | null;
  /** The whole answer, of what was found and what was said to the rest (null: nothing was asked). Keeps what may be kept. Called once. */
  complete(said: Said | null): Said;
}

/** Answers of subgraphs, kept for as long as their SDL allows and nobody has heard that they changed. */
export interface ResponseCache {
  /**
   * @param told what the answer depends on beside the representations: the variables as JSON, and the client's headers that are passed on
   * @param mayBeOlder false: nothing that is kept will do, but what comes is kept
   * @returns null: this one is asked as if there was no cache
   */
  look(caching: Caching, representations: readonly string[] | null, told: string, actor: Actor, mayBeOlder: boolean): Looked | null;
  /** A mutation has been answered, or may have been done: what the account has read before, and what everybody has read of the subgraph, is not true any more. */
  mutated(subgraph: string, types: readonly string[], actor: Actor): void;
  /** The subgraph has told subscribers of a change. */
  pushed(subgraph: string, types: readonly string[]): void;
  close(): void;
}

const idOf = (entity: Data): string | undefined =>
  typeof entity.id === 'string' || typeof entity.id === 'number' ? String(entity.id) : undefined;

export function responseCache({ knowledge, subgraphs, changes, bytes, metrics, now }: ResponseCacheOptions): ResponseCache {
  const cache = new AnswerCache(bytes, metrics);
  let hearing = false;
  for (const subgraph of knowledge.subgraphs) zero(metrics, subgraph);

  function changed({ subgraph, what, key }: Change, why: Why): void {
    const type = 'type' in what ? what.type : knowledge.typeOf(what.aggregate);
    // An aggregate that no type is called after: it may be anything of that subgraph.
    const tags =
      type === undefined ? [`subgraph ${subgraph}`] : [`any ${type}`, key === undefined ? `entity ${type}` : `one ${type} ${key}`];
    for (const tag of tags) cache.drop(tag, why);
  }

  const leave = changes.join({
    subgraphs,
    changed: (change) => changed(change, 'event'),
    hearing(on) {
      hearing = on;
      if (!on) cache.clear('deaf');
    },
  });

  /** Undefined: it must not be kept for this one. */
  function whose({ scope }: Caching, actor: Actor): { readonly key: string; readonly tag: string | undefined } | undefined {
    if (scope === 'PUBLIC') return { key: '', tag: undefined };
    return actor.kind === 'user' && changes.heardOf ? { key: rightsOf(actor), tag: `account ${actor.accountId}` } : undefined;
  }

  function entityTags(representation: string): string[] {
    const entity = JSON.parse(representation) as Data;
    const type = String(entity.__typename);
    const id = idOf(entity);
    const [own, ...possible] = knowledge.possible(type);
    return [`entity ${own}`, id === undefined ? `any ${own}` : `one ${own} ${id}`, ...possible.map((each) => `any ${each}`)];
  }

  return {
    look(caching, representations, told, actor, mayBeOlder) {
      const { subgraph, scope, maxAge } = caching;
      const owner = hearing ? whose(caching, actor) : undefined;
      const count = (outcome: string, by: number) => by > 0 && metrics.cacheLookups.inc({ subgraph, scope, outcome }, by);
      const asked = representations ?? [''];
      if (!owner) {
        count('bypass', asked.length);
        return null;
      }
      const at = now();
      const head = `${caching.head}\n${owner.key}\n${told}\n`;
      const tags = [`subgraph ${subgraph}`, owner.tag ?? `public ${subgraph}`, ...caching.types.map((type) => `any ${type}`)];
      let expiresAt = at + maxAge * 1_000;
      const found = asked.map((representation) => {
        const kept = mayBeOlder ? cache.get(head + representation, at) : undefined;
        if (kept) expiresAt = Math.min(expiresAt, kept.expiresAt);
        return kept?.text;
      });
      const missing = asked.flatMap((_, index) => (found[index] === undefined ? [index] : []));
      const places = missing.map((index): Place => {
        const representation = asked[index] ?? '';
        const own = representations ? [...tags, ...entityTags(representation)] : tags;
        return cache.place({ key: head + representation, subgraph, scope, expiresAt: at + maxAge * 1_000, tags: own });
      });
      count('hit', asked.length - missing.length);
      count(mayBeOlder ? 'miss' : 'bypass', missing.length);
      return {
        policy: { maxAge: Math.floor((expiresAt - at) / 1_000), scope },
        isComplete: missing.length === 0,
        left: representations && missing.map((index) => representations[index] ?? ''),
        complete: (said) => (representations ? entities(found, missing, places, said) : whole(found[0], places[0], said)),
      };
    },

    mutated(subgraph, types, actor) {
      if (actor.kind === 'user') cache.drop(`account ${actor.accountId}`, 'mutation');
      cache.drop(`public ${subgraph}`, 'mutation');
      for (const type of types) {
        const change: Change = { subgraph, what: { type }, key: undefined };
        changed(change, 'mutation');
        changes.tell(change);
      }
    },

    pushed(subgraph, types) {
      for (const type of types) changed({ subgraph, what: { type }, key: undefined }, 'event');
    },

    close() {
      leave();
      hearing = false;
      cache.clear('deaf');
    },
  };
}

/** An answer that is not about entities. */
function whole(found: string | undefined, place: Place | undefined, said: Said | null): Said {
  if (found !== undefined) return { data: JSON.parse(found) as Data, errors: [] };
  const { data, errors } = said ?? { data: null, errors: [] };
  if (data !== null && errors.length === 0) place?.fill(JSON.stringify(data));
  else place?.leave();
  return { data, errors };
}

/** Entities that were found, and in their places those that were said. */
function entities(found: readonly (string | undefined)[], missing: readonly number[], places: readonly Place[], said: Said | null): Said {
  const all: unknown[] = found.map((text) => (text === undefined ? null : JSON.parse(text)));
  const told = said?.data?._entities;
  const isGood = said?.errors.length === 0;
  missing.forEach((index, nth) => {
    const entity: unknown = Array.isArray(told) ? told[nth] : null;
    all[index] = entity ?? null;
    if (isGood && isObject(entity)) places[nth]?.fill(JSON.stringify(entity));
    else places[nth]?.leave();
  });
  const errors = (said?.errors ?? []).map((error) => {
    const [field, nth, ...rest] = error.path ?? [];
    const index = field === '_entities' && typeof nth === 'number' ? missing[nth] : undefined;
    return index === undefined ? error : { ...error, path: ['_entities', index, ...rest] };
  });
  return { data: { _entities: all }, errors };
}
