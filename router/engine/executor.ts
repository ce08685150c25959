import { type ExecutionResult, execute as executeGraphQL, type GraphQLError, type GraphQLFormattedError, getVariableValues } from 'graphql';
import type { Logger } from 'pino';
import { budget, type Estimate, estimate } from '../cost/budget.ts';
import { costOf } from '../cost/cost.ts';
import { gate, unguarded } from '../documents/gate.ts';
import { safelist } from '../documents/safelist.ts';
import type { Metrics } from '../metrics.ts';
import { Recent } from '../recent.ts';
import { type DocumentSettings, documents as defaults } from '../settings/documents.ts';
import type { Limits } from '../settings/limits.ts';
import { type Data, isObject, merging } from './data.ts';
import type { Engine, Result, Variables } from './engine.ts';
import { gatewayInterface } from './gateway-interface.ts';
import type { Path } from './plan/locate.ts';
import { type Prepared, prepare, type Unprepared, withCode } from './prepare.ts';
import { type Collected, run, type Surroundings } from './run.ts';
import type { Problem } from './shape.ts';
import { loadSupergraph } from './supergraph.ts';
import { type Transport, transport } from './transport.ts';

export interface EngineOptions {
  readonly supergraphSdl: string;
  /** Where each subgraph of the supergraph is, by name. */
  readonly subgraphs: Readonly<Record<string, string>>;
  readonly limits: Limits;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** What documents may be and cost; without it, anything. */
  readonly documents?: DocumentSettings | undefined;
  /** The manifest of the operations that are known, as text. */
  readonly manifest?: string | undefined;
  /** Whether a request that nobody waits for goes along with a later one to the same subgraph: fewer requests, but one failure hides more. Default false. */
  readonly ridingAlong?: boolean;
  /** How a subgraph is reached; default {@link transport}, by HTTP. */
  readonly connect?: (subgraph: string, url: string) => Transport;
}

const NOTHING: Data = {};

/** The engine: @apollo/gateway's supergraph and planner, execution of our own. No subgraph needs to be up. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { supergraphSdl, subgraphs, limits, metrics, log } = options;
  const { connect = (subgraph, url) => transport(subgraph, url, limits, metrics) } = options;
  const { documents, manifest } = options;
  const supergraph = await loadSupergraph(supergraphSdl, log, options.ridingAlong, documents?.costListSize);
  const { schema } = supergraph;
  const transports = new Map(Object.entries(subgraphs).map(([name, url]) => [name, connect(name, url)]));
  const surroundings: Surroundings = { supergraph, transports, merge: merging(supergraph.isConcrete) };
  const known = new Recent<string, Prepared | Unprepared>(limits.documents);

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

  function answer(operation: Prepared, { data, errors }: Collected, coerced: Data, introspection: Data | null, tellCost = false): Result {
    const written = operation.shape.write(data, coerced, introspection);
    const unexplained = written.problems.filter(({ path }) => {
      const object = path.slice(0, -1);
      return !errors.some((error) => error.path && isWithin(error.path, object));
    });
    const cost = tellCost ? { cost: estimate(costs, costOf(operation.cost, coerced)) } : undefined;
    const explained = unexplained.length > 0 ? { valueCompletion: unexplained.map(asError) } : undefined;
    return {
      data: written.data,
      ...(errors.length > 0 ? { errors } : {}),
      ...(cost || explained ? { extensions: { ...explained, ...cost } } : {}),
    };
  }

  const engine: Engine = {
    schema,
    safelist: list,
    gateway: gatewayInterface(supergraphSdl, schema, {
      prepare: (query, operationName) => engine.prepare(query, operationName),
      execute: (operation, variables, context) => engine.execute(operation, variables, context),
    }),

    prepare: (query, operationName, own = false) =>
      remembered(`${own ? '\n' : ''}${operationName ?? ''}\n${query}`, () =>
        prepare(supergraph, query, operationName, own ? unguarded : entrance),
      ),

    estimate(operation, variables): Estimate | undefined {
      const { coerced, errors } = coercedOf(operation, variables);
      return errors.length > 0 ? undefined : estimate(costs, costOf(operation.cost, coerced));
    },

    async execute(operation, variables, context) {
      const { coerced, errors } = coercedOf(operation, variables);
      const refused = errors.length > 0 ? undefined : admit(operation, coerced);
      if (refused) return { errors: [refused.toJSON()] };
      if (errors.length > 0) return { errors: errors.map((error) => error.toJSON()) };
      const collected = await run(surroundings, operation.plan, variables, coerced, context);
      return answer(operation, collected, coerced, introspected(operation, variables), context.tellCost);
    },

    variableProblems(operation, variables) {
      const { coerced, errors } = coercedOf(operation, variables);
      const refused = errors.length > 0 ? undefined : admit(operation, coerced);
      return refused ? [refused] : errors;
    },

    sourceVariables: ({ source }, variables) =>
      Object.fromEntries((source?.variables ?? []).filter((name) => Object.hasOwn(variables, name)).map((name) => [name, variables[name]])),

    async complete(operation, event, variables, context) {
      const { coerced } = coercedOf(operation, variables);
      const own = (event.errors ?? []).map(
        (error): GraphQLFormattedError => ({ ...error, extensions: { ...error.extensions, serviceName: operation.source?.subgraph } }),
      );
      const data = isObject(event.data) ? (event.data as Data) : {};
      const { errors } = await run(surroundings, operation.plan, variables, coerced, context, data);
      return answer(operation, { data, errors: [...own, ...errors] }, coerced, null, context.tellCost);
    },

    async close() {
      await Promise.all([...transports.values()].map((to) => to.close()));
    },
  };

  function coercedOf({ variables: definitions }: Prepared, variables: Variables): { coerced: Data; errors: readonly GraphQLError[] } {
    if (definitions.length === 0) return { coerced: NOTHING, errors: [] };
    const { coerced, errors = [] } = getVariableValues(schema, definitions, variables, coercion);
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
