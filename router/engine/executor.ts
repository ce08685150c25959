import {
  type ExecutionResult,
  execute as executeGraphQL,
  type GraphQLError,
  type GraphQLFormattedError,
  getVariableValues,
  parse,
} from 'graphql';
import type { Logger } from 'pino';
import type { RequestContext } from '../context.ts';
import { budget, type Estimate, estimate } from '../cost/budget.ts';
import { costOf } from '../cost/cost.ts';
import { gate, unguarded } from '../documents/gate.ts';
import { safelist } from '../documents/safelist.ts';
import type { Metrics } from '../metrics.ts';
import { Recent } from '../recent.ts';
import { type DocumentSettings, documents as defaults } from '../settings/documents.ts';
import type { Limits } from '../settings/limits.ts';
import { type TrafficSettings, traffic as trafficDefaults, trafficOf } from '../settings/traffic.ts';
import { authorising } from './authorisation/authorising.ts';
import type { Policies } from './authorisation/rights.ts';
import type { Changes } from './cache/changes.ts';
import { responseCache } from './cache/response-cache.ts';
import { tellPolicy } from './cache/told-policy.ts';
import { type Data, isObject, merging } from './data.ts';
import type { Engine, Result, Variables } from './engine.ts';
import { gatewayInterface } from './gateway-interface.ts';
import { clientError, numbered } from './names.ts';
import type { Path } from './plan/locate.ts';
import { chosen, type Prepared, preparing, type Unprepared, withCode } from './prepare.ts';
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
  /** Milliseconds that an operation has, and each event of a subscription; 0, the default: any. */
  readonly operationTimeoutMs?: number;
  /** What documents may be and cost; without it, anything. */
  readonly documents?: DocumentSettings | undefined;
  /** The manifest of the operations that are known, as text. */
  readonly manifest?: string | undefined;
  /** Whether a request that nobody waits for goes along with a later one to the same subgraph: fewer requests, but one failure hides more. Default false. */
  readonly ridingAlong?: boolean;
  /** What the supergraph's `@policy` names. Default: none. */
  readonly policies?: Policies | undefined;
  /** How a subgraph is reached; default {@link transport}, by HTTP, {@link guarded}. */
  readonly connect?: (subgraph: string, url: string) => Transport;
}

const NOTHING: Data = {};
const NONE: readonly GraphQLError[] = [];

/** Reaches subgraphs by HTTP, each guarded as its traffic settings say. */
export const overHttp =
  ({ limits, metrics, log, traffic = { all: trafficDefaults, of: {} } }: Pick<EngineOptions, 'limits' | 'metrics' | 'log' | 'traffic'>) =>
  (subgraph: string, url: string): Transport =>
    guarded(transport(subgraph, url, limits, metrics), { subgraph, settings: trafficOf(traffic, subgraph), metrics, log });

/** Apart from the engine: whoever is to close its connections need not keep it in memory. */
const closing = (transports: ReadonlyMap<string, Transport>, cache: { close(): void } | null) => async (): Promise<void> => {
  cache?.close();
  await Promise.all([...transports.values()].map((to) => to.close()));
};

/** The engine: @apollo/gateway's supergraph and planner, execution of our own. No subgraph needs to be up. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { supergraphSdl, subgraphs, limits, metrics, log } = options;
  const { documents, manifest, connect = overHttp(options) } = options;
  const supergraph = await loadSupergraph(supergraphSdl, log, options.ridingAlong, documents?.costListSize);
  const { schema } = supergraph;
  const transports = new Map(Object.entries(subgraphs).map(([name, url]) => [name, connect(name, url)]));
  const kept = options.cache && { ...options.cache, now: options.cache.now ?? Date.now };
  const cache = kept ? responseCache({ ...kept, knowledge: supergraph.cache, subgraphs: Object.keys(subgraphs), metrics }) : null;
  const deadline = { ms: options.operationTimeoutMs ?? 0, passed: () => metrics.timedOut.inc() };
  const surroundings: Surroundings = { supergraph, transports, merge: merging(supergraph.isConcrete), cache, deadline };
  const pushedTypes = new WeakMap<Prepared, readonly string[]>();
  const { prepare } = preparing(supergraph, limits.documents);
  const known = new Recent<string, Prepared | Unprepared>(limits.documents);
  const { authorised, refusals } = authorising(supergraph, options.policies ?? {}, log);

  const list = manifest === undefined ? undefined : safelist(manifest);
  const entrance = documents ? gate(documents, limits.documentTokens, list, log) : unguarded;
  const costs = documents ?? ({ ...defaults, costMode: 'off' } as const);
  const admit = budget(costs, metrics, log);
  const coercion = { hideSuggestions: documents?.suggestions === 'off', maxErrors: documents?.validationErrors ?? 50 };

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

  function answer(
    { shape, names, planned }: Prepared,
    { data, errors: collected, policy }: Collected,
    values: Data,
    introspection: Data | null,
    { actor, tellCost }: RequestContext,
  ): Result {
    const written = shape.write(data, values, introspection, names.responses);
    const own = collected.map((error) => clientError(error, names));
    const errors = written.refusals.length === 0 ? own : [...refusals(written.refusals, actor), ...own];
    const unexplained = written.problems.filter(({ path }) => {
      const object = path.slice(0, -1);
      return !errors.some((error) => error.path && isWithin(error.path, object));
    });
    const cost = tellCost ? { cost: estimate(costs, costOf(planned.cost, values)) } : undefined;
    const explained = unexplained.length > 0 ? { valueCompletion: unexplained.map(asError) } : undefined;
    const result = {
      data: written.data,
      ...(errors.length > 0 ? { errors } : {}),
      ...(cost || explained ? { extensions: { ...explained, ...cost } } : {}),
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
      types = supergraph.cache.told(source.query);
      pushedTypes.set(operation, types);
    }
    cache.pushed(source.subgraph, types);
  }

  const engine: Engine = {
    schema,
    safelist: list,
    gateway: gatewayInterface(supergraphSdl, schema, {
      prepare: (query, operationName) => engine.prepare(query, operationName),
      execute: (operation, variables, context) => engine.execute(operation, variables, context),
    }),

    prepare: (query, operationName, own = false) =>
      remembered(`${own ? '\n' : ''}${operationName ?? ''}\n${query}`, () => prepare(query, operationName, own ? unguarded : entrance)),

    estimate(operation, variables): Estimate | undefined {
      const { coerced, errors } = coercedOf(operation, variables);
      const values = numbered(variables, coerced, operation.names);
      return errors.length > 0 ? undefined : estimate(costs, costOf(operation.planned.cost, values));
    },

    isOutdated: () => false,

    authorised: (operation, { actor }) => authorised(operation, actor),

    async execute(asked, variables, context) {
      const operation = authorised(asked, context.actor);
      const { coerced, errors } = coercedOf(operation, variables);
      if (errors.length > 0) return { errors: errors.map((error) => error.toJSON()) };
      const values = numbered(variables, coerced, operation.names);
      const refused = admit(operation, values);
      if (refused) return { errors: [refused.toJSON()] };
      const collected = await run(surroundings, operation.plan, values, context, {}, operation.type === 'query');
      return answer(operation, collected, values, introspected(operation, variables), context);
    },

    variableProblems(operation, variables) {
      const { coerced, errors } = coercedOf(operation, variables);
      if (errors.length > 0) return errors;
      const refused = admit(operation, numbered(variables, coerced, operation.names));
      return refused ? [refused] : NONE;
    },

    sourceVariables({ source, names }, variables) {
      const values = numbered(variables, NOTHING, names);
      return Object.fromEntries((source?.variables ?? []).flatMap((name) => (name in values ? [[name, values[name]]] : [])));
    },

    async complete(asked, event, variables, context) {
      const operation = authorised(asked, context.actor);
      const values = numbered(variables, coercedOf(operation, variables).coerced, operation.names);
      forget(operation);
      const own = (event.errors ?? []).map(
        (error): GraphQLFormattedError => ({ ...error, extensions: { ...error.extensions, serviceName: operation.source?.subgraph } }),
      );
      const data = isObject(event.data) ? (event.data as Data) : {};
      const { errors } = await run(surroundings, operation.plan, values, context, data);
      return answer(operation, { data, errors: [...own, ...errors], policy: null }, values, null, context);
    },

    close: closing(transports, cache),
  };

  function coercedOf({ variables: definitions, text, name }: Prepared, variables: Variables) {
    if (definitions.length === 0) return { coerced: NOTHING, errors: NONE };
    const { coerced } = getVariableValues(schema, definitions, variables);
    if (coerced) return { coerced, errors: NONE };
    // Only here it matters where they are in the text.
    const located = chosen(parse(text), name)?.variableDefinitions ?? definitions;
    const { errors = NONE } = getVariableValues(schema, located, variables, coercion);
    return { coerced: NOTHING, errors: errors.map((error) => withCode(error, 'BAD_USER_INPUT')) };
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
