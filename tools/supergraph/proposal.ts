import { findBreakingChanges, type GraphQLSchema } from 'graphql';
import { pino } from 'pino';
import { addressesOf, subgraphsOf, urlVariable } from '../../router/config.ts';
import { startEngine } from '../../router/engine/executor.ts';
import { routerMetrics } from '../../router/metrics.ts';
import { limits } from '../../router/settings/limits.ts';
import { SupergraphRefused, versionOf } from '../../router/supergraph/edition.ts';
import { judge, problemsOf } from '../../router/supergraph/judge.ts';
import type { KnownOperation } from '../../router/supergraph/known-operations.ts';

/** A supergraph that may be published. */
export interface Proposal {
  readonly supergraphSdl: string;
  readonly version: string;
  /** The API that clients would see. */
  readonly schema: GraphQLSchema;
  /** Known operations that are not valid in it. */
  readonly warnings: readonly string[];
}

/** Judges it as a router does. @throws SupergraphRefused what is wrong with it */
export async function proposal(supergraphSdl: string, operations: readonly KnownOperation[]): Promise<Proposal> {
  try {
    const engine = await startEngine({ supergraphSdl, subgraphs: {}, limits, metrics: routerMetrics(), log: pino({ level: 'silent' }) });
    const warnings = await judge(engine, operations, false);
    return { supergraphSdl, version: versionOf(supergraphSdl), schema: engine.schema, warnings };
  } catch (error) {
    throw error instanceof SupergraphRefused ? error : new SupergraphRefused(problemsOf(error), error);
  }
}

/** More of them would not be read. */
const MOST_CHANGES = 10;

/** What is different for subgraphs, routers and clients, in sentences. */
export function differences(before: Proposal, after: Proposal): string[] {
  const [were, are] = [subgraphsOf(before.supergraphSdl), subgraphsOf(after.supergraphSdl)];
  const located = addressesOf({}, after.supergraphSdl);
  const breaking = findBreakingChanges(before.schema, after.schema).map(({ description }) => `breaking for clients: ${description}`);
  return [
    ...are
      .filter((name) => !were.includes(name))
      .map((name) => `a new subgraph: ${name}${located[name] ? '' : `; a router without ${urlVariable(name)} refuses it`}`),
    ...were.filter((name) => !are.includes(name)).map((name) => `without the subgraph ${name}`),
    ...breaking.slice(0, MOST_CHANGES),
    ...(breaking.length > MOST_CHANGES ? [`… and ${breaking.length - MOST_CHANGES} more that break`] : []),
  ];
}
