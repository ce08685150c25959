import { describe, expect, it } from 'vitest';
import { federation } from '../../testing/in-process.ts';

const link = (...names: string[]) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${names.map((name) => `"@${name}"`).join(', ')}])`;

const library = {
  sdl: `${link('key')}
    type Query { book: Book shelf: [Item!]! media: Media }
    interface Item { id: ID! }
    union Media = Book | Disc
    type Book implements Item @key(fields: "id") { id: ID! author: Person }
    type Disc implements Item @key(fields: "id") { id: ID! label: Firm }
    type Person @key(fields: "id") { id: ID! }
    type Firm @key(fields: "id") { id: ID! }`,
  resolvers: {
    Query: {
      book: () => ({ id: 'b', author: { id: 'p' } }),
      shelf: () => [
        { __typename: 'Book', id: 'b', author: { id: 'x' } },
        { __typename: 'Disc', id: 'd', label: { id: 'x' } },
      ],
      media: () => ({ __typename: 'Disc', id: 'd' }),
    },
    Book: { __resolveReference: ({ id }: { id: string }) => ({ id, author: { id: 'p' } }) },
  },
};
const names = {
  sdl: `${link('key')}
    type Book @key(fields: "id") { id: ID! title: String }
    type Disc @key(fields: "id") { id: ID! title: String }
    type Person @key(fields: "id") { id: ID! name: String }
    type Firm @key(fields: "id") { id: ID! name: String }`,
  resolvers: {
    Book: { title: () => 'a book' },
    Disc: { title: () => 'a disc' },
    Person: { name: ({ id }: { id: string }) => `person ${id}` },
    Firm: { name: ({ id }: { id: string }) => `firm ${id}` },
  },
};

async function asking(query: string) {
  const { ask, asked } = await federation({ library, names });
  const { data, errors } = await ask(query);
  expect(errors).toBeUndefined();
  return { data, queries: asked.map((each) => each.query), sent: asked.flatMap(({ variables }) => variables.representations ?? []) };
}

describe('the type of an object', () => {
  it('is not asked for where the supergraph knows it; entities are sent with it all the same', async () => {
    const { data, queries, sent } = await asking('{ book { __typename title author { name } } }');
    expect(data).toEqual({ book: { __typename: 'Book', title: 'a book', author: { name: 'person p' } } });
    expect(queries.join()).not.toContain('__typename');
    expect(sent).toEqual([
      { __typename: 'Book', id: 'b' },
      { __typename: 'Person', id: 'p' },
    ]);
  });

  it('is asked for where nothing else is', async () => {
    const { data, queries } = await asking('{ book { __typename } }');
    expect([data, queries]).toEqual([{ book: { __typename: 'Book' } }, ['{book{__typename}}']]);
  });

  it('is asked for where it may be another, of an interface and of a union', async () => {
    const { data } = await asking('{ shelf { __typename ... on Book { title } ... on Disc { title } } media { ... on Disc { title } } }');
    expect(data).toEqual({
      shelf: [
        { __typename: 'Book', title: 'a book' },
        { __typename: 'Disc', title: 'a disc' },
      ],
      media: { title: 'a disc' },
    });
  });

  it('is asked for where fragments have objects of different types under one name', async () => {
    const { data, sent } = await asking('{ shelf { ... on Book { by: author { name } } ... on Disc { by: label { name } } } }');
    expect(data).toEqual({ shelf: [{ by: { name: 'person x' } }, { by: { name: 'firm x' } }] });
    expect(sent.map((each) => (each as { __typename: string }).__typename).toSorted()).toEqual(['Firm', 'Person']);
  });

  it('is asked for where only this subgraph knows it', async () => {
    const one = {
      sdl: `${link('key', 'shareable')}
        type Query { one: Item @shareable two: Item } interface Item { id: ID! }
        type Book implements Item @key(fields: "id") { id: ID! }`,
      resolvers: { Query: { one: () => ({ __typename: 'Book', id: 'b' }), two: () => ({ __typename: 'Book', id: 'b' }) } },
    };
    const other = {
      sdl: `${link('key', 'shareable')}
        type Query { one: Book @shareable three: Item } interface Item { id: ID! }
        type Book implements Item @key(fields: "id") { id: ID! pages: Int }`,
      resolvers: { Query: { one: () => ({ id: 'b' }), three: () => ({ __typename: 'Book', id: 'b' }) }, Book: { pages: () => 3 } },
    };
    const { ask } = await federation({ one, other });
    const book = { __typename: 'Book', id: 'b', pages: 3 };
    const { data } = await ask('{ one { __typename id ... on Book { pages } } three { __typename id ... on Book { pages } } }');
    expect(data).toEqual({ one: book, three: book });
  });
});
