import { composeServices } from '@apollo/composition';
import { internalTokens } from '@madang/kernel/identity';
import { GraphQLError, parse } from 'graphql';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Router, startRouter } from './router.ts';
import { until } from './testing/ask.ts';
import { Channel } from './testing/channel.ts';
import { type Issuer, issuer } from './testing/issuer.ts';
import { type Toy, toySubgraph } from './testing/toy-subgraph.ts';
import { type Heard, ways } from './testing/ways.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';
const PARCELS = `${LINK}
  type Query { parcels: Int }
  type Subscription { parcelMoved(to: String, after: String): Move! }
  type Move { cursor: String! to: String! first: Item! items: [Item!]! any: Thing }
  interface Item { id: ID! }
  union Thing = Book | Pen
  type Book implements Item @key(fields: "id") { id: ID! }
  type Pen implements Item @key(fields: "id") { id: ID! }`;
const GOODS = `${LINK}
  type Query { goods: Int }
  type Book @key(fields: "id") { id: ID! title(upper: Boolean = false): String }
  type Pen @key(fields: "id") { id: ID! colour: String }`;

const QUERY = `
  subscription Moves($to: String, $upper: Boolean!, $pens: Boolean!, $quiet: Boolean = true) {
    ...Root
  }
  fragment Root on Subscription {
    moved: parcelMoved(to: $to) {
      where: to
      to @skip(if: $quiet)
      first { id kind: __typename ...Titled }
      items { ...Titled ... on Pen @include(if: $pens) { colour } }
      any { ... on Item { id } ...Titled }
    }
  }
  fragment Titled on Book { title shouted: title(upper: $upper) }`;

type Item = { __typename: 'Book' | 'Pen'; id: string };
const book = (id: string): Item => ({ __typename: 'Book', id });
const pen = (id: string): Item => ({ __typename: 'Pen', id });

describe.each(ways)('any selection, by %s', (_, subscribe) => {
  const events = new Channel<{ cursor: string; to: string; first: Item; items: Item[]; any: Item }>();
  let toys: readonly Toy[] = [];
  let keys: Issuer;
  let router: Router;
  const all: Heard[] = [];
  beforeAll(async () => {
    const parcels = await toySubgraph('parcels', PARCELS, {
      Query: { parcels: () => 1 },
      Subscription: { parcelMoved: { subscribe: () => events.subscribe(), resolve: (event: unknown) => event } },
    });
    const goods = await toySubgraph('goods', GOODS, {
      Query: { goods: () => 1 },
      Book: {
        __resolveReference: ({ id }: Item) => ({ id }),
        title({ id }: Item, { upper }: { upper: boolean }) {
          if (id === 'lost') throw new GraphQLError('Nobody knows.', { extensions: { code: 'NOT_FOUND' } });
          return upper ? `BOOK ${id}` : `book ${id}`;
        },
      },
      Pen: { __resolveReference: ({ id }: Item) => ({ id }), colour: () => 'red' },
    });
    toys = [parcels, goods];
    const typeDefs = { parcels: parse(PARCELS), goods: parse(GOODS) };
    const { supergraphSdl = '' } = composeServices([
      { name: 'parcels', url: parcels.url, typeDefs: typeDefs.parcels },
      { name: 'goods', url: goods.url, typeDefs: typeDefs.goods },
    ]);
    keys = await issuer();
    router = await startRouter({
      ...{ supergraphSdl, subgraphs: { parcels: parcels.url, goods: goods.url }, port: 0, host: '127.0.0.1' },
      identity: { jwksUrl: keys.jwksUrl, issuer: 'madang', audience: 'madang' },
      ...{ tokens: internalTokens('a secret for tests, long enough: 32'), log: pino({ level: 'silent' }), limits: { upstreamIdleMs: 50 } },
    });
  });
  afterEach(async () => {
    for (const heard of all.splice(0)) heard.leave();
    await until(() => events.listeners === 0, 'no subscription left at the subgraph');
  });
  afterAll(async () => {
    await router.close();
    for (const toy of toys) await toy.crash();
    await keys.close();
  });

  async function hear(variables: Record<string, unknown>): Promise<Heard> {
    const heard = subscribe(router.url, QUERY, variables);
    all.push(heard);
    await until(() => events.listeners > 0, 'subscribed');
    return heard;
  }
  let published = 0;
  const publish = (first: Item, ...items: Item[]) => events.publish({ cursor: `c${++published}`, to: 'Seoul', first, items, any: first });

  it('fragments, variables, aliases, conditions, interfaces and unions, across subgraphs', async () => {
    const heard = await hear({ upper: true, pens: true });
    publish(book('1'), pen('2'), book('3'));
    publish(pen('4'), book('5'));
    await until(() => heard.results.length === 2);
    const titled = (id: string) => ({ title: `book ${id}`, shouted: `BOOK ${id}` });
    expect(heard.results).toEqual([
      {
        data: {
          moved: {
            where: 'Seoul',
            first: { id: '1', kind: 'Book', ...titled('1') },
            items: [{ colour: 'red' }, titled('3')],
            any: { id: '1', ...titled('1') },
          },
        },
      },
      { data: { moved: { where: 'Seoul', first: { id: '4', kind: 'Pen' }, items: [titled('5')], any: { id: '4' } } } },
    ]);
  });

  it('other variables ask for something else', async () => {
    const heard = await hear({ upper: false, pens: false, quiet: false });
    publish(pen('1'), pen('2'));
    await until(() => heard.results.length === 1);
    expect(heard.results).toEqual([
      { data: { moved: { where: 'Seoul', to: 'Seoul', first: { id: '1', kind: 'Pen' }, items: [{}], any: { id: '1' } } } },
    ]);
  });

  it('an error in what another subgraph has comes with its event and ends nothing', async () => {
    const heard = await hear({ upper: false, pens: true });
    publish(pen('1'), book('lost'), pen('2'));
    publish(pen('3'));
    await until(() => heard.results.length === 2);
    expect(heard.results[0]).toMatchObject({
      data: { moved: { items: [{ title: null }, { colour: 'red' }] } },
      errors: expect.arrayContaining([
        { message: 'Nobody knows.', path: ['moved', 'items', 0, 'title'], extensions: { code: 'NOT_FOUND' } },
      ]),
    });
    expect(heard.results[1]?.errors).toBeUndefined();
    expect(heard.over).toBe(false);
  });
});
