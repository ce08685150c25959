import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { anonymous } from '@madang/kernel/domain';
import { type DocumentNode, type ExecutionArgs, type ExecutionResult, execute, type GraphQLSchema, parse, validate } from 'graphql';
import { pino } from 'pino';
import type { RequestContext } from '../context.ts';
import type { Asker } from '../engine/authorisation/rights.ts';
import type { Engine } from '../engine/engine.ts';
import { type EngineOptions, startEngine } from '../engine/executor.ts';
import { type Answer, NoAnswer, type Transport } from '../engine/transport.ts';
import { routerMetrics } from '../metrics.ts';
import { limits } from '../settings/limits.ts';

/** A request as a subgraph got it. */
export interface Asked {
  readonly subgraph: string;
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/** A subgraph's GraphQL, without a network. */
export type Local = (
  query: string,
  variables: Record<string, unknown>,
  operationName?: string,
) => ExecutionResult | Promise<ExecutionResult>;

type Resolvers = Record<string, Record<string, unknown>>;
type Resolving = Pick<ExecutionArgs, 'fieldResolver' | 'typeResolver'>;

/** Carries documents out; a document that is not valid is the router's fault, and said so. */
export function local(schema: GraphQLSchema, resolving: Resolving = {}): Local {
  const known = new Map<string, DocumentNode>();
  return (query, variables, operationName) => {
    let document = known.get(query);
    if (!document) {
      document = parse(query);
      const errors = validate(schema, document);
      if (errors.length > 0) return { errors };
      known.set(query, document);
    }
    return execute({ schema, document, variableValues: variables, operationName, ...resolving });
  };
}

/** Reaches subgraphs in this process. */
export function inProcess(subgraphs: Readonly<Record<string, Local>>) {
  const asked: Asked[] = [];
  const down = new Set<string>();
  const connect = (subgraph: string): Transport => ({
    send(body, _headers, _repeatable, done) {
      let over = false;
      const end = (answer: Answer | NoAnswer) => {
        if (!over) done(answer);
        over = true;
      };
      const { query, variables, operationName } = JSON.parse(body) as {
        query: string;
        variables: Record<string, unknown>;
        operationName?: string;
      };
      asked.push({ subgraph, query, variables });
      void (async () => {
        await null;
        if (down.has(subgraph)) return end(new NoAnswer('ECONNREFUSED', undefined));
        const answer = await (subgraphs[subgraph] as Local)(query, variables, operationName);
        end({ status: 200, retryAfter: undefined, text: JSON.stringify(answer) });
      })();
      return () => end(new NoAnswer('AbortError', undefined));
    },
    close: async () => undefined,
  });
  return { connect, asked, down };
}

/** Composes subgraphs' SDL. @throws what is wrong with them */
export function composed(sdl: Readonly<Record<string, string>>) {
  const services = Object.entries(sdl).map(([name, text]) => ({ name, url: `http://${name}.invalid/graphql`, typeDefs: parse(text) }));
  const { supergraphSdl, schema, errors } = composeServices(services);
  if (supergraphSdl === undefined || schema === undefined) throw new AggregateError(errors ?? [], (errors ?? []).map(String).join('\n'));
  return { supergraphSdl, schema };
}

/** What an operation carries, where nobody asks who it is. */
export const nobody = (signal?: AbortSignal): RequestContext => by(anonymous, signal);

/** What an operation of somebody's carries. */
export const by = (actor: Asker, signal?: AbortSignal): RequestContext => ({
  protocol: 'http',
  actor,
  correlationId: 'correlation',
  traceparent: '',
  signal,
  token: async () => 'token',
});

/** An engine over a supergraph and something that reaches its subgraphs. */
export function engineOver(
  supergraphSdl: string,
  names: readonly string[],
  options: Pick<EngineOptions, 'connect' | 'ridingAlong' | 'policies'>,
): Promise<Engine> {
  const subgraphs = Object.fromEntries(names.map((name) => [name, `http://${name}.invalid/graphql`]));
  return startEngine({ supergraphSdl, subgraphs, limits, metrics: routerMetrics(), log: pino({ level: 'silent' }), ...options });
}

/** An engine over subgraphs in this process: SDL and resolvers of each. */
export async function federation(
  subgraphs: Readonly<Record<string, { readonly sdl: string; readonly resolvers?: Resolvers }>>,
  policies?: EngineOptions['policies'],
) {
  const entries = Object.entries(subgraphs);
  const { supergraphSdl } = composed(Object.fromEntries(entries.map(([name, { sdl }]) => [name, sdl])));
  const locals = entries.map(
    ([name, { sdl, resolvers = {} }]) =>
      [name, local(buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }]))] as const,
  );
  const reached = inProcess(Object.fromEntries(locals));
  const engine = await engineOver(supergraphSdl, Object.keys(subgraphs), { ...reached, policies });
  return {
    ...reached,
    engine,
    supergraphSdl,
    /** What the engine answers. @throws when there is no plan for it */
    async ask(query: string, variables: Record<string, unknown> = {}, operationName?: string, actor: Asker = anonymous) {
      const operation = engine.prepare(query, operationName);
      if ('problems' in operation)
        throw new AggregateError(operation.problems, operation.problems.map(({ message }) => message).join('\n'));
      return engine.execute(operation, variables, by(actor));
    },
  };
}
