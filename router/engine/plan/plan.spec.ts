import type { FetchNode, PlanNode } from '@apollo/query-planner';
import { buildSchema, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { withStandIns } from '../required-fields.ts';
import { compilePlan } from './compile.ts';
import { locate, locateWithPaths, stepsOf } from './locate.ts';

const stands = withStandIns(parse('type Query { a: Int }'));
const knowledge = { stands, ridingAlong: false, matches: (condition: string, typename: string) => condition === typename };

const fetch = (serviceName: string, operation: string, more: Partial<FetchNode> = {}): FetchNode => ({
  kind: 'Fetch',
  serviceName,
  operation,
  operationKind: 'query' as FetchNode['operationKind'],
  operationName: undefined,
  operationDocumentNode: undefined,
  variableUsages: [],
  ...more,
});
const requires: FetchNode['requires'] = [{ kind: 'InlineFragment', typeCondition: 'Book', selections: [{ kind: 'Field', name: 'id' }] }];
const entities = (...path: string[]): PlanNode => ({
  kind: 'Flatten',
  path,
  node: fetch('books', 'query($representations:[_Any!]!){_entities(representations:$representations){...on Book{title}}}', { requires }),
});
const orders = fetch('orders', '{orders{book{id}}}');

describe('a plan', () => {
  it('sends each request when those before it are answered', () => {
    const people = fetch('people', '{me{id}}');
    const plan = compilePlan(
      { kind: 'Parallel', nodes: [people, { kind: 'Sequence', nodes: [orders, entities('orders', '@', 'book')] }] },
      knowledge,
    );
    expect(plan.first.map(({ subgraph }) => subgraph)).toEqual(['people', 'orders']);
    expect(plan.steps.map(({ subgraph, before }) => [subgraph, before])).toEqual([
      ['people', []],
      ['orders', [2]],
      ['books', []],
    ]);
    expect(plan.waitsFor).toEqual([0, 0, 1]);
  });

  it('asks a subgraph once for the same of entities in several places', () => {
    const nodes = [entities('orders', '@', 'book'), entities('last', 'book')];
    const { steps } = compilePlan({ kind: 'Sequence', nodes: [orders, { kind: 'Parallel', nodes }] }, knowledge);
    expect(steps.map(({ subgraph, sources }) => [subgraph, sources.map(({ path }) => path.join('.'))])).toEqual([
      ['orders', ['']],
      ['books', ['orders.@.book', 'last.book']],
    ]);
  });

  it('does not, under other conditions', () => {
    const guarded: PlanNode = { kind: 'Condition', condition: 'more', ifClause: entities('last', 'book') };
    const nodes = [entities('orders', '@', 'book'), guarded];
    const { steps } = compilePlan({ kind: 'Sequence', nodes: [orders, { kind: 'Parallel', nodes }] }, knowledge);
    expect(steps.map(({ guards }) => guards)).toEqual([[], [], [{ variable: 'more', is: true }]]);
  });
});

describe('riding along', () => {
  const about = (fields: string, ...required: string[]): PlanNode => ({
    kind: 'Flatten',
    path: ['orders', '@', 'book'],
    node: fetch('books', `query($representations:[_Any!]!){_entities(representations:$representations){...on Book{${fields}}}}`, {
      requires: [{ kind: 'InlineFragment', typeCondition: 'Book', selections: required.map((name) => ({ kind: 'Field', name })) }],
    }),
  });
  const between = fetch('orders', '{more}');
  const tree = (early: PlanNode, late: PlanNode): PlanNode => ({
    kind: 'Sequence',
    nodes: [orders, { kind: 'Parallel', nodes: [early, { kind: 'Sequence', nodes: [between, late] }] }],
  });
  const queries = (root: PlanNode, ridingAlong: boolean) =>
    compilePlan(root, { ...knowledge, ridingAlong })
      .steps.filter(({ subgraph }) => subgraph === 'books')
      .map(({ query }) => query);

  it('is not done unless it is asked for', () => {
    expect(queries(tree(about('title', 'id'), about('price', 'id')), false)).toHaveLength(2);
  });

  it('makes one request of two, when the later one is about the same entities', () => {
    expect(queries(tree(about('title', 'id'), about('price', 'id', 'weight')), true)).toEqual([
      'query($representations:[_Any!]!){_entities(representations:$representations){...on Book{price}...on Book{title}}}',
    ]);
  });

  it('does not, when the later one lacks a key or calls something the same', () => {
    expect(queries(tree(about('title', 'isbn'), about('price', 'id')), true)).toHaveLength(2);
    expect(queries(tree(about('x:title', 'id'), about('x:price', 'id')), true)).toHaveLength(2);
  });
});

describe('locating', () => {
  const book = { id: '1' };
  const data = { orders: [[{ book }, null], null, [{ book }]] };
  const steps = stepsOf(['orders', '@', '@', 'book']);

  it('opens lists in lists, and passes over null', () => {
    expect(locate(data, steps, false)).toEqual([book, book]);
    expect(locate({ orders: null }, steps, false)).toEqual([]);
  });

  it('finds once what is one object in several places, and every path of it', () => {
    expect(locate(data, steps, true)).toEqual([book]);
    expect(locateWithPaths(data, steps).map(({ path }) => path.join('.'))).toEqual(['orders.0.0.book', 'orders.2.0.book']);
  });
});

describe('a type that is known', () => {
  const whole = buildSchema(`
    type Query { items: [Item] book: Book } interface Item { id: ID }
    type A implements Item { id: ID foo: Book } type B implements Item { id: ID bar: Disc } type Book { id: ID } type Disc { id: ID }`);
  const asked = (operation: string, node: Partial<FetchNode> = {}) =>
    compilePlan(fetch('orders', operation, node), { ...knowledge, whole }).steps.map(({ query }) => query);

  it('is not asked for', () => {
    expect(asked('{book{__typename id}}')).toEqual(['{book{id}}']);
    expect(asked('{book{__typename id@include(if:$v0)}}')).toEqual(['{book{__typename id@include(if:$v0)}}']);
  });

  it('is asked for where one name has different types, where fragments are, and where the answer is rewritten', () => {
    const both = '{items{__typename...on A{x:foo{__typename id}}...on B{x:bar{__typename id}}}}';
    expect(asked(both)).toEqual([both]);
    const spread = '{book{...F}}fragment F on Book{__typename id}';
    expect(asked(spread)).toEqual([spread]);
    const outputRewrites = [{ kind: 'KeyRenamer' as const, path: ['book', 'id'], renameKeyTo: 'key' }];
    expect(asked('{book{__typename id}}', { outputRewrites })).toEqual(['{book{__typename id}}']);
  });

  it('is that of the entities that do not tell theirs', () => {
    const plan = compilePlan(
      { kind: 'Sequence', nodes: [fetch('orders', '{book{__typename id}}'), entities('book')] },
      { ...knowledge, whole },
    );
    expect(plan.steps.map(({ sources }) => sources[0]?.represent?.({ id: '1' }))).toEqual([undefined, '{"id":"1"}']);
    expect(plan.steps[1]?.sources[0]?.type).toBe('Book');
  });
});
