import { buildSchema, Kind, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { compileShape } from './shape.ts';

const schema = buildSchema(`
  type Query { book: Book books: [Book!] matrix: [[Int!]] media: Media sure: Book! }
  interface Media { id: ID! }
  type Book implements Media { id: ID! title: String color: Color pages: Int! }
  enum Color { RED }`);

function write(query: string, data: object, conditions: Record<string, unknown> = {}, names: readonly string[] = []) {
  const { definitions } = parse(query);
  const operation = definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (!operation) throw new Error('no operation');
  const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  const shape = compileShape(schema, operation, new Map(fragments.map((each) => [each.name.value, each])));
  const once = () => shape.write(data as Record<string, unknown>, conditions, null, names);
  const [exactly, swiftly, again] = [once(), once(), once()];
  // By code that is made for it, from the second time on: the same, in the same order.
  for (const other of [swiftly, again]) {
    expect(other).toEqual(exactly);
    expect(JSON.stringify(other)).toBe(JSON.stringify(exactly));
  }
  return exactly;
}

describe('an answer', () => {
  it('has null where nothing is, and where it must not be, above that; with the path', () => {
    const { data, problems } = write('{ books { id title } book { pages } }', { books: [{ id: '1' }, { title: 'x' }], book: {} });
    expect(data).toEqual({ books: null, book: null });
    expect(problems.map(({ path }) => path)).toEqual([
      ['books', 1, 'id'],
      ['book', 'pages'],
    ]);
    expect(write('{ sure { pages } }', { sure: {} }).data).toBeNull();
  });

  it('has lists in lists', () => {
    expect(write('{ matrix }', { matrix: [[1, 2], null, [1, null]] }).data).toEqual({ matrix: [[1, 2], null, null] });
    expect(write('{ matrix }', { matrix: 1 }).problems[0]?.message).toContain('expected a list');
  });

  it('has null for a value that the enum does not have', () => {
    const { data, problems } = write('{ book { color } }', { book: { color: 'BLUE' } });
    expect([data, problems[0]?.path]).toEqual([{ book: { color: null } }, ['book', 'color']]);
  });

  it('has nothing that was not asked for, and no type that clients do not know', () => {
    expect(write('{ media { id } }', { media: { __typename: 'Book', id: '1', secret: 1 } }).data).toEqual({ media: { id: '1' } });
    expect(write('{ media { id } }', { media: { __typename: 'Hidden', id: '1' } }).data).toEqual({ media: null });
  });

  it('has what @skip and @include leave, with each combination of values', () => {
    const query = 'query ($a: Boolean!, $b: Boolean!) { book { id @include(if: $a) ...F @skip(if: $b) } } fragment F on Book { title id }';
    const data = { book: { id: '1', title: 't' } };
    const keys = (a: boolean, b: boolean) => Object.keys(write(query, data, { a, b }).data?.book ?? {});
    expect([keys(true, true), keys(true, false), keys(false, false), keys(false, true)]).toEqual([
      ['id'],
      ['id', 'title'],
      ['title', 'id'],
      [],
    ]);
  });

  it('has the client’s names, whatever they are, and its own fields where a name is that of an inherited one', () => {
    const query = '{ __a0: book { id } __a1: book { __a2: title constructor: title } __proto__: book { id } }';
    const book = JSON.parse('{ "__a2": "t", "id": "1" }') as object;
    const data = JSON.parse('{ "__proto__": { "id": "2" } }') as Record<string, unknown>;
    const { data: answer } = write(query, Object.assign(data, { __a0: book, __a1: book }), {}, ['mine', 'yours', '"]: 1, ["x']);
    expect(JSON.stringify(answer)).toBe('{"mine":{"id":"1"},"yours":{"\\"]: 1, [\\"x":"t","constructor":null},"__proto__":{"id":"2"}}');
  });

  it('has the type’s name, of an object as of an interface', () => {
    const data = { media: { __typename: 'Book', id: '1' }, book: { id: '1' } };
    expect(write('{ media { __typename id } book { __typename } }', data).data).toEqual({
      media: { __typename: 'Book', id: '1' },
      book: { __typename: 'Book' },
    });
    expect(write('{ media { __typename } }', { media: {} }).data).toEqual({ media: null });
  });
});
