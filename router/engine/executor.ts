import { type ExecutionResult, execute as executeGraphQL, type GraphQLError, type GraphQLFormattedError, getVariableValues } from 'graphql';
import type { Logger } from 'pino';
import type { Metrics } from '../metrics.ts';
import { Recent } from '../recent.ts';
import type { Limits } from '../settings/limits.ts';
import { type TrafficSettings, traffic as trafficDefaults, trafficOf } from '../settings/traffic.ts';
import type { Changes } from './cache/changes.ts';
import { responseCache } from './cache/response-cache.ts';
import { tellPolicy } from './cache/told-policy.ts';
import { type Data, isObject, merging } from './data.ts';
import type { Engine, Result, Variables } from './engine.ts';
import { gatewayInterface } from './gateway-interface.ts';
import type { Path } from './plan/locate.ts';
import { type Prepared, prepare, prepareDocument, type Unprepared, withCode } from './prepare.ts';
import { type Collected, run, type Surroundings } from './run.ts';
import type { Problem } from './shape.ts';
import { loadSupergraph } from './supergraph.ts';
import { guarded } from './traffic/guarded.ts';
import { type Transport, transport } from './transport.ts';

export interface CacheOptions {
  /** Most memory. */
  readonly bytes: number;
  readonly changes: Changes;
  /** Milliseconds since 1970; default the clock's. */
  readonly now?: (() => number) | undefined;
}

export interface EngineOptions {
  readonly supergraphSdl: string;
  /** Where each subgraph of the supergraph is, by name. */
  readonly subgraphs: Readonly<Record<string, string>>;
  readonly limits: Limits;
  /** How subgraphs are asked by HTTP. */
  readonly traffic?: TrafficSettings;
  readonly metrics: Metrics;
  /** What is kept of subgraphs' answers; nothing without it. */
  readonly cache?: CacheOptions | undefined;
  readonly log: Logger;
  /** Whether a request that nobody waits for goes along with a later one to the same subgraph: fewer requests, but one failure hides more. Default false. */
  readonly ridingAlong?: boolean;
  /** How a subgraph is reached; default {@link transport}, by HTTP, {@link guarded}. */
  readonly connect?: (subgraph: string, url: string) => Transport;
}

const NOTHING: Data = {};

/** The engine: @apollo/gateway's supergraph and planner, execution of our own. No subgraph needs to be up. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { supergraphSdl, subgraphs, limits, metrics, log, traffic = { all: trafficDefaults, of: {} } } = options;
  const byHttp = (subgraph: string, url: string): Transport =>
    guarded(transport(subgraph, url, limits, metrics), { subgraph, settings: trafficOf(traffic, subgraph), metrics, log });
  const { connect = byHttp } = options;
  const supergraph = await loadSupergraph(supergraphSdl, log, options.ridingAlong);
  const { schema } = supergraph;
  const transports = new Map(Object.entries(subgraphs).map(([name, url]) => [name, connect(name, url)]));
  const kept = options.cache && { ...options.cache, now: options.cache.now ?? Date.now };
  const cache = kept ? responseCache({ ...kept, knowledge: supergraph.cache, subgraphs: Object.keys(subgraphs), metrics }) : null;
  const surroundings: Surroundings = { supergraph, transports, merge: merging(supergraph.isConcrete), cache };
  const pushedTypes = new WeakMap<Prepared, readonly string[]>();
  const known = new Recent<string, Prepared | Unprepared>(limits.documents);

  const remembered = (key: string, make: () => Prepared | Unprepared): Prepared | Unprepared => {
    const seen = known.get(key);
    if (seen) return seen;
    const made = make();
    known.set(key, made);
    return made;
  };

  const introspected = ({ introspection }: Prepared, variables: Variables): Data | null =>
    introspection
      ? ((executeGraphQL({ schema, document: introspection, variableValues: variables }) as ExecutionResult<Data>).data ?? null)
      : null;

  function answer(operation: Prepared, { data, errors, policy }: Collected, coerced: Data, introspection: Data | null): Result {
    const written = operation.shape.write(data, coerced, introspection);
    const unexplained = written.problems.filter(({ path }) => {
      const object = path.slice(0, -1);
      return !errors.some((error) => error.path && isWithin(error.path, object));
    });
    const result = {
      data: written.data,
      ...(errors.length > 0 ? { errors } : {}),
      ...(unexplained.length > 0 ? { extensions: { valueCompletion: unexplained.map(asError) } } : {}),
    };
    if (policy && errors.length + unexplained.length === 0) tellPolicy(result, policy);
    return result;
  }

  /** What an event is about is not answered from the cache any more as it was before. */
  function forget(operation: Prepared): void {
    const { source } = operation;
    if (!cache || !source) return;
    let types = pushedTypes.get(operation);
    if (!types) {
      types = supergraph.cache.types(source.query);
      pushedTypes.set(operation, types);
    }
    cache.pushed(source.subgraph, types);
  }

  const engine: Engine = {
    schema,
    gateway: gatewayInterface(supergraphSdl, schema, {
      prepare: (key, document, operationName) => remembered(key, () => prepareDocument(supergraph, document, operationName, true)),
      execute: (operation, variables, context) => engine.execute(operation, variables, context),
    }),

    prepare: (query, operationName) =>
      remembered(`${operationName ?? ''}\n${query}`, () => prepare(supergraph, query, operationName, limits.documentTokens)),

    async execute(operation, variables, context) {
      const { coerced, errors } = coercedOf(operation, variables);
      if (errors.length > 0) return { errors: errors.map((error) => error.toJSON()) };
      const collected = await run(surroundings, operation.plan, variables, coerced, context, {}, operation.type === 'query');
      return answer(operation, collected, coerced, introspected(operation, variables));
    },

    variableProblems: (operation, variables) => coercedOf(operation, variables).errors,

    sourceVariables: ({ source }, variables) =>
      Object.fromEntries((source?.variables ?? []).filter((name) => Object.hasOwn(variables, name)).map((name) => [name, variables[name]])),

    async complete(operation, event, variables, context) {
      const { coerced } = coercedOf(operation, variables);
      forget(operation);
      const own = (event.errors ?? []).map(
        (error): GraphQLFormattedError => ({ ...error, extensions: { ...error.extensions, serviceName: operation.source?.subgraph } }),
      );
      const data = isObject(event.data) ? (event.data as Data) : {};
      const { errors } = await run(surroundings, operation.plan, variables, coerced, context, data);
      return answer(operation, { data, errors: [...own, ...errors], policy: null }, coerced, null);
    },

    async close() {
      cache?.close();
      await Promise.all([...transports.values()].map((to) => to.close()));
    },
  };

  function coercedOf({ variables: definitions }: Prepared, variables: Variables): { coerced: Data; errors: readonly GraphQLError[] } {
    if (definitions.length === 0) return { coerced: NOTHING, errors: [] };
    const { coerced, errors = [] } = getVariableValues(schema, definitions, variables);
    return { coerced: coerced ?? NOTHING, errors: errors.map((error) => withCode(error, 'BAD_USER_INPUT')) };
  }

  return engine;
}

/** Whether one of the paths leads to the other: an error there says why an object, or a field of it, is null. */
const isWithin = (one: Path, other: Path): boolean => {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return short.every((part, at) => part === long[at]);
};

const asError = ({ message, path }: Problem): GraphQLFormattedError => ({
  message,
  path: [...path],
  extensions: { code: 'INVALID_GRAPHQL' },
});
