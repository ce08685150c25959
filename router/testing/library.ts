import { composeServices } from '@apollo/composition';
import { internalTokens } from '@madang/kernel/identity';
import type { Broker } from '@madang/kernel/nats';
import { GraphQLError, parse } from 'graphql';
import { pino } from 'pino';
import { withHints, withoutHints } from '../engine/cache/hints.ts';
import { type Router, type RouterOptions, startRouter } from '../router.ts';
import { Channel } from './channel.ts';
import { issuer } from './issuer.ts';
import { type ToyContext, toySubgraph } from './toy-subgraph.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';
const CACHE = `directive @cacheControl(maxAge: Int, scope: CacheControlScope, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
  enum CacheControlScope { PUBLIC PRIVATE }`;

const BOOKS = `${LINK} ${CACHE}
  type Query { book(id: ID!): Book @cacheControl(maxAge: 60) books: [Book!]! @cacheControl(maxAge: 60) }
  type Mutation { rename(id: ID!, title: String!): Book! burn: Boolean! }
  type Book @key(fields: "id") @cacheControl(maxAge: 60) {
    id: ID! title: String! stock: Int! @cacheControl(maxAge: 0) cover: String @cacheControl(maxAge: 20) refused: String note: String @cacheControl(scope: PRIVATE)
  }
  type Shop @key(fields: "id") { id: ID! }`;

const PEOPLE = `${LINK} ${CACHE}
  type Query { me: Person @cacheControl(maxAge: 60, scope: PRIVATE) }
  type Mutation { callMe(name: String!): Person! }
  type Person @key(fields: "id") @cacheControl(maxAge: 60, scope: PRIVATE) { id: ID! name: String }`;

const ORDERS = `${LINK} ${CACHE}
  type Query { order: Order @cacheControl(maxAge: 40) freshOrder: Order }
  type Mutation { place: Order! }
  type Subscription { ordered: Ordered! }
  type Ordered { order: Order }
  type Order @key(fields: "id") { id: ID! books: [Book!]! @cacheControl(inheritMaxAge: true) person: Person @cacheControl(inheritMaxAge: true) }
  type Book @key(fields: "id", resolvable: false) { id: ID! }
  type Person @key(fields: "id", resolvable: false) { id: ID! }`;

/** A supergraph for tests of the cache: books (for everybody), people (each for themselves), orders of both. */
export async function library() {
  const tokens = internalTokens('a secret for tests, long enough: 32');
  const titles = new Map([
    ['1', 'One'],
    ['2', 'Two'],
  ]);
  const names = new Map<string, string>();
  const ordered = new Channel<string>();
  const gate: { wait: Promise<void> } = { wait: Promise.resolve() };
  const accountOf = async ({ token }: ToyContext): Promise<string> => {
    const actor = await tokens.verify(token ?? '');
    return actor.kind === 'user' ? `${actor.accountId} (${actor.roles})` : actor.kind;
  };
  const book = async (id: string) => {
    const title = titles.get(id);
    await gate.wait;
    return { id, title, stock: 1, cover: 'blue' };
  };
  const order = { id: 'o', books: [{ id: '1' }, { id: '2' }], person: { id: 'p' } };
  const person = async (id: string, context: ToyContext) => {
    const account = await accountOf(context);
    return { id, name: names.get(account) ?? account };
  };

  const books = await toySubgraph('books', BOOKS, {
    Query: { book: (_: unknown, { id }: { id: string }) => book(id), books: () => Promise.all([...titles.keys()].map(book)) },
    Mutation: {
      rename(_: unknown, { id, title }: { id: string; title: string }) {
        titles.set(id, title);
        return book(id);
      },
      burn: () => true,
    },
    Book: {
      __resolveReference: ({ id }: { id: string }) => book(id),
      note: (_: unknown, __: unknown, context: ToyContext) => accountOf(context),
      refused: () => {
        throw new GraphQLError('No.', { extensions: { code: 'NOT_FOUND' } });
      },
    },
  });
  const people = await toySubgraph('people', PEOPLE, {
    Query: { me: (_: unknown, __: unknown, context: ToyContext) => person('p', context) },
    Mutation: {
      async callMe(_: unknown, { name }: { name: string }, context: ToyContext) {
        names.set(await accountOf(context), name);
        return person('p', context);
      },
    },
    Person: { __resolveReference: ({ id }: { id: string }, context: ToyContext) => person(id, context) },
  });
  const orders = await toySubgraph('orders', ORDERS, {
    Query: { order: () => order, freshOrder: () => order },
    Mutation: { place: () => order },
    Subscription: { ordered: { subscribe: () => ordered.subscribe(), resolve: () => ({ order }) } },
  });

  const toys = [books, people, orders];
  const sdls = { books: parse(BOOKS), people: parse(PEOPLE), orders: parse(ORDERS) };
  const composed = composeServices(
    toys.map(({ name, url }) => ({ name, url, typeDefs: withoutHints(sdls[name as keyof typeof sdls]) })),
  ).supergraphSdl;
  if (composed === undefined) throw new Error('the library does not compose');
  const supergraphSdl = withHints(composed, parse(composed), sdls);
  const keys = await issuer();
  const routers: Router[] = [];
  const clock = { now: Date.now() };
  return {
    titles,
    ordered,
    /** What books wait for, between reading and answering. */
    gate,
    /** By which answers get old. */
    clock,
    supergraphSdl,
    /** How often each was asked. */
    asked: () => toys.map(({ requests }) => requests.length),
    /** What the last request to books was about. */
    lastRepresentations: () => books.requests.at(-1)?.variables.representations,
    token: async (sub: string, ...roles: string[]) => ({ authorization: `Bearer ${await keys.token({ sub, roles })}` }),
    async router(broker: Broker | undefined, more: Partial<RouterOptions> = {}): Promise<Router> {
      const router = await startRouter({
        supergraphSdl,
        subgraphs: Object.fromEntries(toys.map(({ name, url }) => [name, url])),
        port: 0,
        host: '127.0.0.1',
        identity: { jwksUrl: keys.jwksUrl, issuer: 'madang', audience: 'madang' },
        tokens,
        log: pino({ level: 'silent' }),
        broker: broker && Promise.resolve(broker),
        cache: { now: () => clock.now },
        ...more,
      });
      routers.push(router);
      return router;
    },
    async close(): Promise<void> {
      await Promise.all(routers.map((router) => router.close()));
      await Promise.all(toys.map((toy) => toy.crash()));
      await keys.close();
    },
  };
}

export type Library = Awaited<ReturnType<typeof library>>;
