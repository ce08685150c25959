import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RepositoryCopy, told } from '../testing/repository-copy.ts';
import { ORDERS, shop, verdict } from '../testing/shop.ts';
import { RULES } from './check.ts';

let copy: RepositoryCopy;
let good: string;
beforeAll(() => {
  copy = shop();
  good = readFileSync(`${copy.root}/${ORDERS}`, 'utf8');
});
afterAll(() => copy.remove());

const PAGES = `
"A page of orders."
type OrderConnection {
  "The orders."
  edges: [OrderEdge!]!
  "Where it is."
  pageInfo: PageInfo!
}
"An order in a page."
type OrderEdge {
  "It."
  node: Order!
  "Its place."
  cursor: String!
}
"Where a page is."
type PageInfo {
  "More behind."
  hasNextPage: Boolean!
  "More before."
  hasPreviousPage: Boolean!
  "The first."
  startCursor: String
  "The last."
  endCursor: String
}
`;
const ORDER = '  "Its id."\n  id: ID!\n  "How much of it."\n';
const QUERY = '  "One order of yours."';
const added = (field: string) =>
  [ORDER, `${ORDER.replace('  "How much of it."\n', '')}  "It."\n  ${field}\n  "How much of it."\n`] as const;

const MISTAKES: [rule: string, text: string, by: string, said: string, more?: string][] = [
  ['description', '  "What it says on the label."\n', '', 'Order.label does not say what it is'],
  ['refusals', ' Refused: `SOLD_OUT` there is none left.', '', 'Mutation.placeOrder does not say how it may be refused'],
  [
    'internal',
    '"Orders something.',
    '"(internal) Orders something.',
    'Mutation.placeOrder says that it is internal, and every client can call it',
  ],
  ['who-may-ask', QUERY, `  "More."\n  more: Int\n${QUERY}`, 'Query.more does not say who may ask'],
  ['naming', '  DELIVERED', '  Delivered', '“Delivered” is not written as names of its kind are'],
  ['input-naming', 'input PlaceOrderInput', 'input PlaceOrder', 'the input “PlaceOrder” is not called so'],
  ['mutation-input', 'input: PlaceOrderInput!)', 'input: PlaceOrderInput)', 'placeOrder does not take one input of its own'],
  [
    'deprecation',
    '  label: String\n  "Where',
    '  label: String @deprecated(reason: "Use text.")\n  "Where',
    'Order.label is deprecated and does not say since which day',
  ],
  ['connection', QUERY, QUERY, 'OrderEdge.cursor is String', PAGES.replace('cursor: String!', 'cursor: String')],
  [
    'paging',
    QUERY,
    `  "All. Refused: \`UNAUTHENTICATED\`."\n  orders("How many." first: Int): OrderConnection! @authenticated\n${QUERY}`,
    'Query.orders answers with a page and does not take after: String',
    PAGES,
  ],
  [
    'list-in-pages',
    QUERY,
    `  "All. Refused: \`UNAUTHENTICATED\`."\n  orders: [Order!]! @authenticated\n${QUERY}`,
    'Query.orders answers with all Orders at once',
  ],
  [
    'subscription-cursor',
    QUERY,
    QUERY,
    'Subscription.ordered cannot be taken up where it broke off',
    '\ntype Subscription {\n  "Each. Refused: `UNAUTHENTICATED`."\n  ordered: Told! @authenticated\n}\n"It."\ntype Told {\n  "Its place."\n  cursor: String!\n}\n',
  ],
  ['list-items', ...added('tags: [String]!'), 'Order.tags may have null among its items ([String]!)'],
  ['id', '  "Its id."\n  id: ID!\n  "How', '  "Its id."\n  id: ID\n  "How', 'Order.id is ID'],
  [
    'mutation-result',
    'input: PlaceOrderInput!): Order!',
    'input: PlaceOrderInput!): Order',
    'placeOrder may answer null, which says nothing: was it done?',
  ],
  ['boolean', ...added('gift: Boolean'), 'Order.gift is yes, no or null, and does not say what null means'],
];

test('a repository that is in order has nothing said of it', async () => {
  copy.put(ORDERS, good + PAGES);
  expect((await verdict(copy, 'lint')).map(told)).toEqual([]);
});

test.each(MISTAKES)('%s', async (rule, text, by, said, more = '') => {
  copy
    .put(ORDERS, good)
    .replace(ORDERS, text, by)
    .put(ORDERS, good.replace(text, by) + more);
  const findings = await verdict(copy, 'lint');
  expect(findings.map((finding) => finding.message)).toEqual([said]);
  expect(findings[0]).toMatchObject({ rule, severity: 'error', at: { file: ORDERS, line: expect.any(Number) }, mend: expect.any(String) });
});

test('every rule has a mistake here', () => {
  expect(MISTAKES.map(([rule]) => rule).sort()).toEqual(RULES.map(({ name }) => name).sort());
});
