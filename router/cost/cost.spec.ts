import { buildSchema, getVariableValues, Kind, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { costing } from './compile.ts';
import { costOf } from './cost.ts';
import { weightsOf } from './weights.ts';

const DIRECTIVES = `
  directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
  directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
`;

/** What operations cost over a schema; where nothing is said, a list has ten entries. */
function world(sdl: string, listSize = 10) {
  const document = parse(DIRECTIVES + sdl);
  const schema = buildSchema(DIRECTIVES + sdl);
  const compile = costing(schema, weightsOf(document), listSize);
  return (query: string, variables: Record<string, unknown> = {}): number => {
    const asked = parse(query);
    expect(validate(schema, asked)).toEqual([]);
    const operation = asked.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
    if (!operation) throw new Error('no operation');
    const fragments = new Map(
      asked.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
    );
    const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
    expect(errors).toBeUndefined();
    return costOf(compile(operation, fragments), coerced ?? {});
  };
}

/** The library of Apollo's documentation of demand control. */
const library = (address: string, bestsellers = '', size = 10) =>
  world(
    `type Query { book(id: ID): Book bestsellers(first: Int, last: Int): [Book] ${bestsellers} }
     type Mutation { addBook(title: String): Book }
     type Subscription { bookAdded: Book }
     type Book { title: String author: Author publisher: Publisher }
     type Author { name: String }
     type Publisher { name: String address: Address }
     type Address ${address} { zipCode: Int! }`,
    size,
  );
const BOOK = '{ title author { name } publisher { name address { zipCode } } }';

describe("the examples of Apollo's documentation", () => {
  it('objects cost one, scalars nothing', () => {
    expect(library('')(`query BookQuery { book(id: 1) ${BOOK} }`)).toBe(4);
  });

  it('a weight replaces the one of an object', () => {
    expect(library('@cost(weight: 5)')(`{ book(id: 1) ${BOOK} }`)).toBe(8);
  });

  it('a list of which nothing is said has as many as are assumed everywhere', () => {
    expect(library('@cost(weight: 5)', '', 5)(`{ bestsellers ${BOOK} }`)).toBe(40);
  });

  it('a list has as many as are assumed of it', () => {
    expect(library('@cost(weight: 5)', '@listSize(assumedSize: 5)')(`{ bestsellers ${BOOK} }`)).toBe(40);
  });

  it('a list has as many as were asked for', () => {
    const cost = library('@cost(weight: 5)', '@listSize(slicingArguments: ["first", "last"], requireOneSlicingArgument: false)');
    expect(cost(`{ bestsellers(first: 3) ${BOOK} }`)).toBe(24);
    // The most of them, as the IBM specification has it.
    expect(cost(`{ bestsellers(first: 3, last: 5) ${BOOK} }`)).toBe(40);
    expect(cost(`{ bestsellers ${BOOK} }`)).toBe(80);
  });

  it('a mutation costs ten by itself, a subscription what one event does', () => {
    expect(library('')('mutation { addBook(title: "x") { title author { name } } }')).toBe(12);
    expect(library('')(`subscription { bookAdded ${BOOK} }`)).toBe(4);
  });
});

/** Of the IBM specification's first examples, and of its sections on the arguments of `@listSize`. */
describe("the examples of IBM's specification", () => {
  it('a field by its weight, as often as its list is long', () => {
    const cost = world(
      `type User { name: String age: Int @cost(weight: 2) } type Query { users(max: Int): [User] @listSize(slicingArguments: ["max"]) }`,
    );
    // Five users, and the age of each.
    expect(cost('query Example { users(max: 5) { age } }')).toBe(5 + 5 * 2);
  });

  it('a slicing argument within an input object', () => {
    const cost = world(`input Filter { max: Int = 7 only: Boolean } type User { name: String }
      type Query { users(filter: Filter = { max: 4 }): [User] @listSize(slicingArguments: ["filter.max"], assumedSize: 3) }`);
    expect(cost('{ users(filter: { max: 10 }) { name } }')).toBe(10);
    expect(cost('{ users { name } }')).toBe(4);
    expect(cost('query ($max: Int) { users(filter: { max: $max }) { name } }', { max: 8 })).toBe(8);
    expect(cost('query ($filter: Filter) { users(filter: $filter) { name } }', { filter: { only: true } })).toBe(7);
    expect(cost('query ($filter: Filter) { users(filter: $filter) { name } }', { filter: null })).toBe(3);
  });

  it('weights of arguments and of input fields', () => {
    const cost = world(`input Sort { by: String @cost(weight: 3) next: Sort } scalar Area @cost(weight: 4)
      type User { name: String } type Query { user(sort: [Sort!], slow: Boolean @cost(weight: 2), in: Area): User }`);
    expect(cost('{ user { name } }')).toBe(1);
    expect(cost('{ user(slow: true) { name } }')).toBe(3);
    expect(cost('{ user(sort: [{ by: "a", next: { by: "b" } }, { by: "c" }], in: "x") { name } }')).toBe(1 + 9 + 4);
    expect(cost('query ($sort: [Sort!]) { user(sort: $sort) { name } }', { sort: [{ by: 'a' }, { next: { by: 'b' } }] })).toBe(1 + 6);
  });

  it('weights of enums, and of leaves in lists', () => {
    const cost = world('enum Hue @cost(weight: 2) { RED } type Query { hue: Hue hues: [Hue] names: [String] }');
    expect([cost('{ hue }'), cost('{ hues }'), cost('{ names }')]).toEqual([2, 20, 0]);
  });
});

const pages = world(`
  type Query {
    books(first: Int = 20, after: String): BookConnection! @listSize(assumedSize: 30, slicingArguments: ["first"], sizedFields: ["edges"], requireOneSlicingArgument: false)
    grid: [[Cell!]!]!
    node: Node
    any: [Any!]!
  }
  type BookConnection { edges: [BookEdge!]! pageInfo: PageInfo! tags: [Tag!]! }
  type PageInfo { endCursor: String }
  type Tag { name: String }
  type BookEdge { node: Book! }
  interface Node { id: ID! parent: Node }
  type Book implements Node { id: ID! parent: Node title: String authors: [Author!]! @listSize(assumedSize: 2) dear: Int @cost(weight: 7) }
  type Author implements Node @cost(weight: 3) { id: ID! parent: Node name: String books: [Book!]! @listSize(assumedSize: 5) }
  union Any = Book | Author | Tag
  type Cell { id: ID! }
`);

describe('a page', () => {
  // The connection, and for each entry an edge and a book.
  const ofPage = (entries: number) => 1 + entries * 2;
  const NODES = '{ edges { node { title } } }';

  it.each<[query: string, variables: Record<string, unknown>, entries: number]>([
    [`{ books(first: 5) ${NODES} }`, {}, 5],
    [`{ books ${NODES} }`, {}, 20],
    [`{ books(first: null) ${NODES} }`, {}, 30],
    [`{ books(first: -5) ${NODES} }`, {}, 0],
    [`query ($n: Int) { books(first: $n) ${NODES} }`, { n: 8 }, 8],
    [`query ($n: Int) { books(first: $n) ${NODES} }`, {}, 20],
    [`query ($n: Int) { books(first: $n) ${NODES} }`, { n: null }, 30],
    [`query ($n: Int = 9) { books(first: $n) ${NODES} }`, {}, 9],
    [`query ($n: Int! = 9) { books(first: $n) ${NODES} }`, { n: 100 }, 100],
  ])('%s with %o', (query, variables, entries) => expect(pages(query, variables)).toBe(ofPage(entries)));

  it('sizes only the fields that it names', () => {
    expect(pages('{ books(first: 2) { pageInfo { endCursor } tags { name } } }')).toBe(1 + 1 + 10);
  });

  it('lists in lists are multiplied', () => {
    expect(pages('{ books(first: 3) { edges { node { authors { books { title } } } } } }')).toBe(1 + 3 * (1 + 1 + 2 * (3 + 5)));
    expect(pages('{ grid { id } }')).toBe(100);
    expect(pages('query ($n: Int) { books(first: $n) { edges { node { authors { name } } } } }', { n: 4 })).toBe(1 + 4 * (1 + 1 + 2 * 3));
  });
});

describe('what is merged', () => {
  it('costs once, and twice under two names', () => {
    expect(pages('{ node { id } node { id parent { id } } }')).toBe(3 + 3);
    expect(pages('{ node { id } other: node { id } }')).toBe(6);
  });

  it('costs once through fragments, however they are spread', () => {
    const F = 'fragment F on Query { node { ...G parent { id } } } fragment G on Node { parent { id } }';
    expect(pages(`{ ...F ... { ...F node { ...G } } } ${F}`)).toBe(6);
  });

  it('of types that exclude each other the dearest counts, with what is asked of all', () => {
    expect(pages('{ node { ... on Book { dear } ... on Author { name } } }')).toBe(3 + 7);
    expect(pages('{ node { parent { id } ... on Book { dear } ... on Author { parent { id } books { title } } } }')).toBe(3 + 3 + 3 + 5);
    expect(pages('{ any { ... on Tag { name } ... on Node { parent { id } } } }')).toBe(10 * (3 + 3));
    expect(pages('{ any { __typename } }')).toBe(30);
  });

  it('a field of an interface weighs what it weighs where it weighs most', () => {
    const cost = world(
      `type Query { n: N } interface N { x: Int } type A implements N { x: Int @cost(weight: 4) } type B implements N { x: Int @cost(weight: 6) }`,
    );
    expect(cost('{ n { x } }')).toBe(1 + 6);
  });
});

describe('what is left out', () => {
  const QUERY = 'query ($a: Boolean!, $b: Boolean!) { node @include(if: $a) { id } node @skip(if: $b) { parent { id } } }';

  it.each([
    [true, false, 6],
    [false, false, 6],
    [true, true, 3],
    [false, true, 0],
  ])('costs nothing: a %s, b %s', (a, b, cost) => expect(pages(QUERY, { a, b })).toBe(cost));

  it('costs nothing in a fragment', () => {
    const query =
      'query ($a: Boolean!) { ...F @include(if: $a) ... @skip(if: true) { other: node { id } } } fragment F on Query { node { id } }';
    expect([pages(query, { a: true }), pages(query, { a: false })]).toEqual([3, 0]);
  });

  it('is counted when its fragment is spread under several conditions', () => {
    const query = 'query ($a: Boolean!) { ...F @include(if: $a) ...F @skip(if: $a) } fragment F on Query { node { id } }';
    expect(pages(query, { a: false })).toBe(3);
  });
});

it('introspection costs the same, whatever is asked', () => {
  expect(pages('{ __typename __schema { types { fields { name } } } mine: __type(name: "Book") { name } }')).toBe(200);
});

it('the directives are found by the names that the supergraph has for them', () => {
  const link = 'extend schema @link(url: "https://specs.apollo.dev/cost/v0.1", import: [{ name: "@cost", as: "@price" }, "@listSize"])';
  const weights = weightsOf(parse(`${link} type Query { a: Int @price(weight: 3) @listSize(assumedSize: 2) b: Int @cost(weight: 4) }`));
  expect([...weights.costs]).toEqual([['Query.a', 3]]);
  expect(weights.sizes.get('Query.a')?.assumed).toBe(2);
});
