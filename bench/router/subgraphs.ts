import { EventEmitter, on } from 'node:events';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type DocumentNode, type GraphQLSchema, graphql, parse } from 'graphql';
import { answering } from './child.ts';
import { memoServer } from './memo-server.ts';
import { productOf, resolvers } from './world/data.ts';
import { SUBGRAPHS, type Subgraph, sdlOf } from './world/world.ts';

/** All subgraphs in one process, each on a port of its own; answers are remembered, so that the gateways are what is measured. */

const published = new EventEmitter().setMaxListeners(0);
const subscription = {
  Subscription: {
    published: { subscribe: () => on(published, 'event'), resolve: ([event]: [unknown]) => event },
  },
};

const servers = new Map<Subgraph, Awaited<ReturnType<typeof memoServer>>>();
for (const name of SUBGRAPHS) {
  const all = name === 'reviews' ? { ...resolvers.reviews, ...subscription } : resolvers[name];
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdlOf(name)), resolvers: all as Module['resolvers'] }]);
  servers.set(name, await memoServer(schema, answerer(schema)));
}
type Module = {
  typeDefs: DocumentNode;
  resolvers: NonNullable<Extract<Parameters<typeof buildSubgraphSchema>[0], { resolvers?: unknown }>['resolvers']>;
};

function answerer(schema: GraphQLSchema) {
  return async (body: string): Promise<string> => {
    const { query, variables, operationName } = JSON.parse(body) as {
      query: string;
      variables?: Record<string, unknown>;
      operationName?: string;
    };
    return JSON.stringify(await graphql({ schema, source: query, variableValues: variables, operationName }));
  };
}

let timer: NodeJS.Timeout | undefined;
let number = 0;

function publish(): void {
  number += 1;
  published.emit('event', {
    number,
    at: performance.timeOrigin + performance.now(),
    cursor: String(number),
    product: productOf(`p${number % 200}`),
  });
}

answering({
  urls: () => Object.fromEntries([...servers].map(([name, { port }]) => [name, `http://127.0.0.1:${port}/graphql`])),
  /** Requests of all subgraphs since they were asked last. */
  requests: () => [...servers.values()].reduce((sum, server) => sum + server.taken(), 0),
  /** How many subscriptions are open. */
  listeners: () => published.listenerCount('event'),
  /** Publishes so many events a second until `quiet`. */
  publish: (perSecond: number) => {
    clearInterval(timer);
    timer = setInterval(publish, 1_000 / perSecond);
  },
  /** The number of the last event. */
  quiet: () => {
    clearInterval(timer);
    return number;
  },
});
