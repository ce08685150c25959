// biome-ignore-all lint/complexity/useLiteralKeys: TypeScript lets private members of the gateway be read by their keys only
import { operationFromDocument, type Schema } from '@apollo/federation-internals';
import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import type { QueryPlan } from '@apollo/query-planner';
import { type ConstDirectiveNode, type DocumentNode, type GraphQLSchema, isAbstractType, parse, print, visit } from 'graphql';
import type { Logger } from 'pino';
import { costing } from '../cost/compile.ts';
import { weightsOf } from '../cost/weights.ts';
import { withoutAuthorisation } from './authorisation/directives.ts';
import { type Authorisation, authorisationOf } from './authorisation/rules.ts';
import { type CacheKnowledge, cacheKnowledge } from './cache/caching.ts';
import { takeHints } from './cache/hints.ts';
import { plannable } from './conditions.ts';
import { type RequiredFields, withStandIns } from './required-fields.ts';

// The gateway would send usage metrics to its maker.
process.env.APOLLO_TELEMETRY_DISABLED = 'true';

/** One version of the supergraph, ready to plan for. Immutable. */
export interface Supergraph {
  /** What clients may ask for. */
  readonly schema: GraphQLSchema;
  /** All that subgraphs can be asked for, what is hidden from clients included. */
  readonly whole: GraphQLSchema;
  /** Who may ask for what. */
  readonly authorisation: Authorisation;
  /** Whether an object that calls itself `typename` is one of `condition`: the same type, or one that implements it or belongs to it. */
  matches(condition: string, typename: string): boolean;
  /** Whether it is the name of an object type (and not of an interface that some subgraph knows as an object). */
  isConcrete(typename: string): boolean;
  /** What stands in for fields that are required with arguments. */
  readonly stands: RequiredFields;
  /** Whether requests that nobody waits for go along with later ones: {@link rideAlong}. */
  readonly ridingAlong: boolean;
  /** What may be kept of subgraphs' answers. */
  readonly cache: CacheKnowledge;
  /** The client's name of a key in the data. */
  responseKey(dataKey: string): string;
  /** What an operation may cost, by the supergraph's `@cost` and `@listSize`. */
  readonly costOf: ReturnType<typeof costing>;
  /** @throws GraphQLError when there is no plan. `document` must be valid against {@link schema}. */
  plan(document: DocumentNode, operationName: string | undefined): QueryPlan;
}

/**
 * Of how many plans for an operation the cheapest is taken. With the planner's own limit (10,000) one operation can keep it busy for seconds; with this one
 * it takes a small part of that, and hardly ever a fetch more.
 */
const MOST_PLANS = 200;

/** Reads a supergraph. @param listSize length of a list of which it says nothing @throws Error when it is none */
export async function loadSupergraph(sdl: string, log: Logger, ridingAlong = false, listSize = 10): Promise<Supergraph> {
  const document = parse(sdl);
  const { supergraph, hints } = takeHints(document);
  const usable = withoutUselessKeys(withoutAuthorisation(supergraph));
  const stands = withStandIns(usable);
  const gateway = new ApolloGateway({
    supergraphSdl: stands.supergraph === document ? sdl : print(stands.supergraph),
    validateSupergraph: false,
    queryPlannerConfig: { debug: { maxEvaluatedPlans: MOST_PLANS } },
    logger: log.child({ part: 'gateway' }, { level: 'warn' }),
    // Execution is ours: the gateway has nobody to ask.
    buildService: (): GraphQLDataSource => ({ process: () => Promise.reject(new Error('not by the gateway')) }),
  });
  const { schema } = await gateway.load();
  const planner = there(gateway['queryPlanner']);
  const api: Schema = there(gateway['apiSchema']);
  const all: GraphQLSchema = there(gateway['supergraphSchema']);
  return {
    schema,
    whole: all,
    authorisation: authorisationOf(document),
    matches: subtypes(all),
    isConcrete: (typename) => {
      const type = all.getType(typename);
      return type !== undefined && !isAbstractType(type);
    },
    stands,
    ridingAlong,
    cache: cacheKnowledge(all, hints),
    costOf: costing(schema, weightsOf(document), listSize),
    responseKey: (key) => stands.standIns.get(key)?.field ?? key,
    plan(document, operationName) {
      const named = operationName === undefined ? {} : { operationName };
      const operation = operationFromDocument(api, plannable(document, schema), { ...named, validate: false });
      return planner.buildQueryPlan(operation);
    },
  };
}

function there<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('the gateway has not loaded the supergraph');
  return part;
}

function subtypes(schema: GraphQLSchema): Supergraph['matches'] {
  const names = new Map<string, ReadonlySet<string>>();
  const membersOf = (condition: string): ReadonlySet<string> => {
    const type = schema.getType(condition);
    const members = new Set(isAbstractType(type) ? schema.getPossibleTypes(type).map(({ name }) => name) : []);
    names.set(condition, members);
    return members;
  };
  return (condition, typename) => condition === typename || (names.get(condition) ?? membersOf(condition)).has(typename);
}

const argument = (directive: ConstDirectiveNode, name: string) => directive.arguments?.find((given) => given.name.value === name)?.value;

/**
 * The planner enters a subgraph again by a key that it cannot resolve, although it has one that it can: such keys are left out.
 */
function withoutUselessKeys(supergraph: DocumentNode): DocumentNode {
  let found = false;
  const usable = <T extends { readonly directives?: readonly ConstDirectiveNode[] | undefined }>(type: T): T | undefined => {
    const keys = (type.directives ?? []).filter((directive) => directive.name.value === 'join__type' && argument(directive, 'key'));
    const graphOf = (key: ConstDirectiveNode) => {
      const graph = argument(key, 'graph');
      return graph?.kind === 'EnumValue' ? graph.value : '';
    };
    const isUseless = (key: ConstDirectiveNode) => {
      const resolvable = argument(key, 'resolvable');
      return resolvable?.kind === 'BooleanValue' && !resolvable.value;
    };
    const entered = new Set(keys.filter((key) => !isUseless(key)).map(graphOf));
    const useless = new Set(keys.filter((key) => isUseless(key) && entered.has(graphOf(key))));
    if (useless.size === 0) return undefined;
    found = true;
    return { ...type, directives: type.directives?.filter((directive) => !useless.has(directive)) };
  };
  const document = visit(supergraph, { ObjectTypeDefinition: usable, InterfaceTypeDefinition: usable });
  return found ? document : supergraph;
}
