import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import { beforeAll, describe, expect, it } from 'vitest';
import { readSupergraph } from '../../config.ts';
import { loadSupergraph, type Supergraph } from '../supergraph.ts';

const asyncapi = readFileSync(new URL('../../../schema/asyncapi.yaml', import.meta.url), 'utf8');
/** Context, aggregate and name of every event. */
const events = [...asyncapi.matchAll(/^ {4}address: ([\w-]+)\.([\w-]+)\.(\w+)\.\{key\}$/gm)].map(
  ([, context = '', aggregate = '', name = '']) => ({ context, aggregate, name }),
);

let supergraph: Supergraph;
beforeAll(async () => {
  supergraph = await loadSupergraph(readSupergraph(), pino({ level: 'silent' }));
});

const kept = (subgraph: string, fields: string) => {
  const caching = supergraph.cache.caching(subgraph, `{ ${fields} }`);
  return caching && [caching.maxAge, caching.scope, caching.types.toSorted()];
};
const page = (fields: string) => `(first: 3) { edges { cursor node { ${fields} } } pageInfo { hasNextPage endCursor } }`;

describe('what may be kept of the contexts', () => {
  it.each([
    ['applications', `books ${page('id title price')}`, ['Book', 'BookConnection', 'BookEdge', 'PageInfo']],
    ['applications', 'book(id: "1") { id isbn title author publisher price }', ['Book']],
    ['gifts', `giftItems ${page('id title points')}`, ['GiftItem', 'GiftItemConnection', 'GiftItemEdge', 'PageInfo']],
    ['kickboards', 'kickboard(id: "1") { serial registeredAt }', ['Kickboard']],
    ['missions', `missions ${page('title points')}`, ['Mission', 'MissionConnection', 'MissionEdge', 'PageInfo']],
    ['pt-orders', `ptClasses ${page('name price')}`, ['PageInfo', 'PtClass', 'PtClassConnection', 'PtClassEdge']],
    ['reservations', `cleaningPlans ${page('name price')}`, ['CleaningPlan', 'CleaningPlanConnection', 'CleaningPlanEdge', 'PageInfo']],
  ])('%s: %s', (subgraph, fields, types) => {
    expect(kept(subgraph, fields)).toEqual([60, 'PUBLIC', types]);
  });

  it('one’s own name is, for oneself', () => {
    expect(kept('accounts', 'me { id displayName email openedAt }')).toEqual([60, 'PRIVATE', ['Account']]);
  });

  it.each([
    ['accounts', 'me { id roles }'],
    ['accounts', 'me { messenger { chatId } }'],
    ['accounts', 'account(id: "1") { displayName }'],
    ['gifts', 'giftItem(id: "1") { title remaining }'],
    ['kickboards', 'kickboard(id: "1") { serial status }'],
    ['kickboards', `kickboards ${page('serial')}`],
    ['missions', 'mission(id: "1") { title active }'],
    ['applications', 'textbookApplication(id: "1") { status }'],
    ['applications', 'textbookApplication(id: "1") { book { title } }'],
    ['tickets', 'ticket(id: "1") { type }'],
    ['my-pages', 'myPage { textbookApplications { edges { node { id } } } }'],
  ])('what changes is not: %s: %s', (subgraph, fields) => {
    expect(kept(subgraph, fields)).toBeNull();
  });
});

it.each(events)('$name says of which type it is, so that it does not drop all of $context', ({ aggregate }) => {
  expect(supergraph.cache.typeOf(aggregate)).toBeDefined();
});

it('there are events', () => expect(events.length).toBeGreaterThan(50));
