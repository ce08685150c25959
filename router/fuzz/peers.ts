import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { anonymous, user } from '@madang/kernel/domain';
import { type DocumentNode, type ExecutionResult, execute, type GraphQLFieldResolver, type GraphQLSchema, parse, print } from 'graphql';
import { pino } from 'pino';
import { withoutAuthorisation } from '../engine/authorisation/directives.ts';
import type { Asker } from '../engine/authorisation/rights.ts';
import type { Authorisation } from '../engine/authorisation/rules.ts';
import type { Engine, Result } from '../engine/engine.ts';
import { type Asked, by, composed, engineOver, inProcess, type Local, local } from '../testing/in-process.ts';
import { withGuards } from './guards.ts';
import type { Operation } from './operations.ts';
import { subgraphTypes } from './subgraph-types.ts';
import { type Node, type Troubles, Universe } from './universe.ts';

/** Something that carries operations out. */
export type Peer = (operation: Operation) => Promise<Result>;

export interface Peers {
  /** What clients may ask for. */
  readonly schema: GraphQLSchema;
  /** The router's engine. */
  readonly ours: Peer;
  /** The same, with fetches that ride along. */
  readonly riding: Peer;
  /** @apollo/gateway as it comes. */
  readonly stock: Peer;
  /** graphql-js over the whole schema: the truth. */
  readonly truth: Peer;
  /** Makes subgraphs unreachable for {@link ours} and {@link stock}. */
  readonly down: Set<string>;
  /** What subgraphs were asked by {@link ours}. */
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

/** Who may ask for everything in our own supergraph. */
const EVERYBODY = user('everybody', 'CUSTOMER', 'MANAGER', 'TRAINER', 'ADMIN');

const typeResolver = (value: unknown): string => (value as Node).type;
const rootOf = (type: string): Node => ({ __typename: type, type, id: type });

function subgraph(name: string, sdl: string, universe: Universe, entities: readonly string[]): Local {
  const fieldResolver: GraphQLFieldResolver<unknown, unknown> = (parent, args, _, { fieldName, parentType }) =>
    universe.resolve(name, parentType.name, (parent ?? rootOf(parentType.name)) as Node, fieldName, args);
  const reference = { __resolveReference: (given: Record<string, unknown>) => universe.entity(given) };
  const resolvers = Object.fromEntries(entities.map((entity) => [entity, reference]));
  return local(buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }]), { fieldResolver, typeResolver });
}

const engineAs =
  (engine: Engine, subgraphs: Readonly<Record<string, Local>>, asker: Asker): Peer =>
  async ({ query, variables, operationName }) => {
    const asked = engine.prepare(query, operationName);
    if ('problems' in asked) return { errors: asked.problems.map((problem) => problem.toJSON()) };
    const context = by(asker);
    const prepared = engine.authorised(asked, context);
    const { source } = prepared;
    if (!source) return engine.execute(prepared, variables, context);
    const problems = engine.variableProblems(prepared, variables);
    if (problems.length > 0) return { errors: problems.map((problem) => problem.toJSON()) };
    const send = subgraphs[source.subgraph] as Local;
    const event = await send(source.query, { ...engine.sourceVariables(prepared, variables) }, source.operationName);
    return engine.complete(prepared, JSON.parse(JSON.stringify(event)) as ExecutionResult, variables, context);
  };

async function stockOver(supergraphSdl: string, subgraphs: Readonly<Record<string, Local>>, down: ReadonlySet<string>) {
  const gateway = new ApolloGateway({
    supergraphSdl: print(withoutAuthorisation(parse(supergraphSdl))),
    // Does not change what is answered, but the time that planning may take: from ten seconds to some tenths.
    queryPlannerConfig: { debug: { maxEvaluatedPlans: 200 } },
    logger: pino({ level: 'silent' }),
    buildService: ({ name }): GraphQLDataSource => ({
      async process({ request }) {
        if (down.has(name)) throw new Error('unreachable');
        const answer = await (subgraphs[name] as Local)(request.query ?? '', request.variables ?? {}, request.operationName);
        return JSON.parse(JSON.stringify(answer));
      },
    }),
  });
  const { executor, schema } = await gateway.load();
  const peer: Peer = async ({ query, variables, operationName }) => {
    const request = { query, variables, ...(operationName ? { operationName } : {}) };
    const asked = {
      request,
      document: parse(query),
      operationName: operationName ?? null,
      queryHash: `${operationName}${query}`,
      context: {},
    };
    const answered = await executor({ ...asked, schema, logger: pino({ level: 'silent' }), metrics: {}, overallCachePolicy: {} } as never);
    return JSON.parse(JSON.stringify(answered)) as Result;
  };
  return { peer, close: () => gateway.stop() };
}

function truthOf(schema: GraphQLSchema, universe: Universe, guards: Authorisation | undefined): Peer {
  const fieldResolver: GraphQLFieldResolver<unknown, unknown> = (parent, args, _, { fieldName, parentType }) => {
    if (guards && guards.ofField(parentType.name, fieldName).size > 0) throw new Error('Sign in first.');
    return universe.truth((parent ?? rootOf(parentType.name)) as Node, fieldName, args);
  };
  return async ({ query, variables, operationName }) => {
    const document: DocumentNode = parse(query);
    const given = { schema, document, variableValues: variables, operationName, fieldResolver, typeResolver };
    return JSON.parse(JSON.stringify(await execute(given))) as Result;
  };
}

/** Everything that is compared, over the same subgraphs. `guards`: some fields are not for who asks, others for each text. */
export async function peersOver(sdl: Readonly<Record<string, string>>, troubles: Troubles, guards?: string): Promise<Peers> {
  const { supergraphSdl: open, schema: whole } = composed(sdl);
  const guarded = guards === undefined ? undefined : withGuards(print(withoutAuthorisation(parse(open))), guards);
  const supergraphSdl = guarded?.sdl ?? open;
  const asker = guarded ? anonymous : EVERYBODY;
  const types = subgraphTypes(sdl);
  const universe = new Universe(whole.toGraphQLJSSchema(), types, troubles);
  const names = Object.keys(sdl);
  const subgraphs = Object.fromEntries(
    names.map((name) => [name, subgraph(name, sdl[name] as string, universe, types.entities.get(name) ?? [])]),
  );
  const { connect, down, asked } = inProcess(subgraphs);
  const forgetful = (name: string) => {
    asked.length = 0;
    return connect(name);
  };
  const engine = await engineOver(supergraphSdl, names, { connect: forgetful });
  const riding = await engineOver(supergraphSdl, names, { connect: forgetful, ridingAlong: true });
  const stock = await stockOver(supergraphSdl, subgraphs, down);
  return {
    schema: engine.schema,
    ours: engineAs(engine, subgraphs, asker),
    riding: engineAs(riding, subgraphs, asker),
    stock: stock.peer,
    truth: truthOf(engine.schema, universe, guarded?.authorisation),
    down,
    asked,
    async close() {
      await Promise.all([engine.close(), riding.close(), stock.close()]);
    },
  };
}
