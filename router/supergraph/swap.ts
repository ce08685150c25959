import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import { subgraphsOf, urlVariable } from '../config.ts';
import type { Engine } from '../engine/engine.ts';
import type { Metrics } from '../metrics.ts';
import { type Editions, editions, type Found, SupergraphRefused, versionOf } from './edition.ts';
import { judge, problemsOf } from './judge.ts';
import type { KnownOperation } from './known-operations.ts';

type Addresses = Readonly<Record<string, string>>;

/** A supergraph, and the address of each of its subgraphs. */
export interface Next extends Found {
  readonly subgraphs: Addresses;
  /** The operations that are known; without it, those that were known before. */
  readonly manifest?: string | undefined;
}

export interface SwapOptions {
  /** What the router has started with. */
  readonly first: Next;
  /** Builds an engine. @throws when it cannot */
  readonly build: (next: Next) => Promise<Engine>;
  /** Puts an engine to work. Takes no time. */
  readonly replace: (engine: Engine, next: Next) => void;
  /** What clients are known to send. */
  readonly operations: () => readonly KnownOperation[];
  /** Whether known operations that are not valid are a reason to refuse. */
  readonly strict: boolean;
  readonly metrics: Metrics;
  readonly log: Logger;
}

export interface Swap {
  /** The version in use, and the last refusal. */
  current(): Editions;
  /** Goes over to another supergraph; several are taken one after the other. @throws SupergraphRefused; nothing has changed then */
  to(next: Next): Promise<void>;
}

const lacking = ({ supergraphSdl, subgraphs }: Next): string[] =>
  subgraphsOf(supergraphSdl)
    .filter((name) => !subgraphs[name])
    .map((name) => `${name} has no address: set ${urlVariable(name)}, or name it in the supergraph`);

/** How the router goes over to another supergraph: it is judged beside the one in use, which is replaced in one step. */
export function swap({ first, build, replace, operations, strict, metrics, log }: SwapOptions): Swap {
  const told = editions(first, metrics, log);
  let inUse: Next = first;
  let turn: Promise<void> = Promise.resolve();

  async function built(next: Next): Promise<Engine> {
    const problems = lacking(next);
    if (problems.length > 0) throw new SupergraphRefused(problems);
    try {
      return await build(next);
    } catch (error) {
      throw new SupergraphRefused(problemsOf(error), error);
    }
  }

  async function go(wanted: Next): Promise<void> {
    const next = { ...wanted, manifest: wanted.manifest ?? inUse.manifest };
    const known = versionOf(next.supergraphSdl) === told.current().version;
    const isSame = known && next.manifest === inUse.manifest && isDeepStrictEqual(next.subgraphs, inUse.subgraphs);
    if (isSame) return told.same(next);
    try {
      const engine = await built(next);
      try {
        const warnings = await judge(engine, operations(), strict);
        replace(engine, next);
        inUse = next;
        told.taken(next, warnings);
      } catch (error) {
        await engine.close();
        throw error;
      }
    } catch (thrown) {
      const error = thrown instanceof SupergraphRefused ? thrown : new SupergraphRefused(problemsOf(thrown), thrown);
      told.refused(next, error);
      throw error;
    }
  }

  return {
    current: told.current,
    to(next) {
      const going = turn.then(() => go(next));
      turn = going.catch(() => undefined);
      return going;
    },
  };
}
