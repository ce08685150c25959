import { composeServices } from '@apollo/composition';
import { internalTokens } from '@madang/kernel/identity';
import { GraphQLError, parse } from 'graphql';
import { pino } from 'pino';
import { type Router, type RouterOptions, startRouter } from '../router.ts';
import type { Limits } from '../settings/limits.ts';
import { Channel } from './channel.ts';
import { type Issuer, issuer } from './issuer.ts';
import { type Toy, type ToyContext, toySubgraph } from './toy-subgraph.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';

const ORDERS = `${LINK}
  type Query { orders: [Order!]! order(id: ID!): Order who: String! secret: String! refused(field: String!): String slow: String trail: String! }
  type Mutation { placeOrder(input: PlaceOrder!): Order! placeSlowly: String }
  input PlaceOrder { bookId: ID! }
  type Book @key(fields: "id", resolvable: false) { id: ID! }
  type Customer @key(fields: "id", resolvable: false) { id: ID! }
  type Order @key(fields: "id") { id: ID! status: String! book: Book customer: Customer }
  type Subscription { orderChanged(id: ID, after: String): OrderChange! other: String! }
  type OrderChange { status: String! cursor: String! padding: String order: Order! }`;

const BOOKS = `${LINK}
  type Query { books: [Book!]! }
  type Book @key(fields: "id") { id: ID! title: String! required: String! }`;

const CUSTOMERS = `${LINK}
  type Query { customer: Customer }
  type Customer @key(fields: "id") { id: ID! name: String }`;

/** What a router may be told besides. */
type Told = Partial<
  Pick<
    RouterOptions,
    | 'tracer'
    | 'operationNames'
    | 'operations'
    | 'supergraph'
    | 'subgraphs'
    | 'supergraphSdl'
    | 'traffic'
    | 'cache'
    | 'broker'
    | 'door'
    | 'documents'
    | 'manifest'
  >
>;

export type OrderEvent = { orderId: string; status: string; cursor: string; padding?: string };

const order = (id: string) => ({ id, status: 'PAID', book: { id: `book-${id}` }, customer: { id: `customer-${id}` } });

/** A supergraph for tests: orders (with subscriptions), books and customers, and an issuer of tokens; all real servers in this process. */
export async function shop() {
  const tokens = internalTokens('a secret for tests, long enough: 32');
  const events = new Channel<OrderEvent>();
  const subscribed: { id?: string; after?: string; token: string | undefined }[] = [];
  const slow: (() => void)[] = [];
  const behaviour = { forgetful: false };

  const slowly = () => new Promise((resolve) => slow.push(() => resolve('at last')));

  const orders = await toySubgraph('orders', ORDERS, {
    Query: {
      orders: () => ['1', '2'].map(order),
      order: (_: unknown, { id }: { id: string }) => order(id),
      who: async (_: unknown, __: unknown, { token }: ToyContext) => JSON.stringify(await tokens.verify(token ?? '')),
      trail: (_: unknown, __: unknown, { headers }: ToyContext) => `${headers['x-correlation-id']} ${headers.traceparent}`,
      secret: () => {
        throw new GraphQLError('connect ECONNREFUSED 10.0.0.7:5432', {
          extensions: { code: 'INTERNAL_SERVER_ERROR', stacktrace: ['at here'] },
        });
      },
      refused: (_: unknown, { field }: { field: string }) => {
        throw new GraphQLError('Not like that.', { extensions: { code: 'BAD_INPUT', field, retryAfterSeconds: 7 } });
      },
      slow: slowly,
    },
    Mutation: {
      placeSlowly: slowly,
      placeOrder: (_: unknown, { input }: { input: { bookId: string } }) => ({ ...order('3'), book: { id: input.bookId } }),
    },
    Order: { __resolveReference: ({ id }: { id: string }) => order(id) },
    Subscription: {
      other: { subscribe: () => events.subscribe(), resolve: () => 'other' },
      orderChanged: {
        subscribe: (_: unknown, args: { id?: string; after?: string }, { token }: ToyContext) => {
          if (args.id === 'theirs') throw new GraphQLError('Order was not found.', { extensions: { code: 'NOT_FOUND' } });
          if (args.after !== undefined && behaviour.forgetful)
            throw new GraphQLError('after: nobody knows that cursor.', { extensions: { code: 'BAD_INPUT', field: 'after' } });
          subscribed.push({ ...args, token });
          return events.subscribe(({ cursor }) => cursor === args.after);
        },
        resolve: ({ orderId, ...event }: OrderEvent) => ({ ...event, order: order(orderId) }),
      },
    },
  });
  const books = await toySubgraph('books', BOOKS, {
    Query: { books: () => [] },
    Book: {
      __resolveReference: ({ id }: { id: string }) => ({ id, title: `Title of ${id}` }),
      required: () => {
        throw new GraphQLError('Nobody knows.', { extensions: { code: 'NOT_FOUND' } });
      },
    },
  });
  const customers = await toySubgraph('customers', CUSTOMERS, {
    Query: { customer: () => ({ id: 'me', name: 'Kim' }) },
    Customer: { __resolveReference: ({ id }: { id: string }) => ({ id, name: `Name of ${id}` }) },
  });

  const toys = [orders, books, customers];
  const sdl = { orders: ORDERS, books: BOOKS, customers: CUSTOMERS };
  const subgraphs = Object.fromEntries(toys.map(({ name, url }) => [name, url]));
  const supergraph = (changed: Readonly<Record<string, string>> = {}): string => {
    const texts: Readonly<Record<string, string>> = { ...sdl, ...changed };
    const { supergraphSdl, errors } = composeServices(toys.map(({ name, url }) => ({ name, url, typeDefs: parse(texts[name] ?? '') })));
    if (supergraphSdl === undefined) throw new AggregateError(errors ?? []);
    return supergraphSdl;
  };
  const supergraphSdl = supergraph();

  const keys: Issuer = await issuer();
  const lines: Record<string, unknown>[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const routers: Router[] = [];
  return {
    orders,
    books,
    customers,
    events,
    /** `forgetful`: no cursor is known, nothing is told again. */
    behaviour,
    subscribed,
    /** Ends what `Query.slow` waits for. */
    slow,
    keys,
    sdl,
    subgraphs,
    /** Composes the subgraphs, some of them changed. The toys stay as they are. */
    supergraph,
    /** Lines of the router's log. */
    lines,
    /** Starts a router in front of the toys. */
    async router(limits: Partial<Limits> = {}, front?: RouterOptions['front'], told: Told = {}): Promise<Router> {
      const identity = { jwksUrl: keys.jwksUrl, issuer: 'madang', audience: 'madang' };
      const where = { port: 0, host: '127.0.0.1' };
      const router = await startRouter({ supergraphSdl, subgraphs, ...where, identity, tokens, log, limits, front, ...told });
      routers.push(router);
      return router;
    },
    async close(): Promise<void> {
      for (const resolve of slow) resolve();
      await Promise.all(routers.map((router) => router.close()));
      await Promise.all(toys.map((toy: Toy) => toy.crash()));
      await keys.close();
    },
  };
}

export type Shop = Awaited<ReturnType<typeof shop>>;
