import { assertObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { federation } from '../testing/in-process.ts';

const link = (...names: string[]) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${names.map((name) => `"@${name}"`).join(', ')}])`;

const products = {
  sdl: `${link('key')}
    type Query { products: [Product] product: Product }
    type Product @key(fields: "id") { id: ID! weight: Int price(currency: String! = "KRW"): Int tags: [[Tag]] }
    type Tag @key(fields: "id") { id: ID! }`,
  resolvers: {
    Query: { products: () => [{ id: '1' }, { id: '2' }, { id: '1' }], product: () => ({ id: '1' }) },
    Product: {
      __resolveReference: ({ id }: { id: string }) => ({ id }),
      weight: ({ id }: { id: string }) => Number(id) * 10,
      price: (_: unknown, { currency }: { currency: string }) => ({ KRW: 1000, USD: 1, EUR: 2 })[currency],
      tags: () => [[{ id: 'a' }, null], null, [{ id: 'b' }, { id: 'a' }]],
    },
  },
};

const shipping = {
  sdl: `${link('key', 'external', 'requires')}
    type Product @key(fields: "id") {
      id: ID! weight: Int @external price(currency: String! = "KRW"): Int @external
      dollars: Int @requires(fields: "price(currency: \\"USD\\") weight")
      euros: Int @requires(fields: "price(currency: \\"EUR\\") weight")
      box: String
    }`,
  resolvers: {
    Product: {
      dollars: ({ price, weight }: { price: number; weight: number }) => price * weight,
      euros: ({ price, weight }: { price: number; weight: number }) => price * weight,
      box: ({ id }: { id: string }) => `box ${id}`,
    },
  },
};

describe('@requires with arguments', () => {
  it("does not take the client's arguments for the required ones", async () => {
    const { ask } = await federation({ products, shipping });
    const { data, errors } = await ask('{ product { price dear: price(currency: "EUR") dollars } }');
    expect(errors).toBeUndefined();
    expect(data).toEqual({ product: { price: 1000, dear: 2, dollars: 10 } });
  });

  it('splits a fetch of which two fields require one with different arguments', async () => {
    const { ask, asked } = await federation({ products, shipping });
    expect((await ask('{ product { dollars euros box } }')).data).toEqual({ product: { dollars: 10, euros: 20, box: 'box 1' } });
    const given = asked.filter(({ subgraph }) => subgraph === 'shipping').map(({ variables }) => variables.representations);
    expect(given).toEqual([
      [{ __typename: 'Product', id: '1', price: 1, weight: 10 }],
      [{ __typename: 'Product', id: '1', price: 2, weight: 10 }],
    ]);
  });

  it('shows clients nothing of what stands in for a field', async () => {
    const { engine } = await federation({ products, shipping });
    expect(Object.keys(assertObjectType(engine.schema.getType('Product')).getFields())).toEqual(
      expect.not.arrayContaining([expect.stringContaining('__required')]),
    );
    expect(engine.prepare('{ product { price__required0 } }', undefined)).toHaveProperty('problems');
  });

  it('fills in the other fields when @skip leaves out the one that requires something', async () => {
    const { ask, asked } = await federation({ products, shipping });
    const query = 'query ($not: Boolean!) { product { dollars @skip(if: $not) box } }';
    expect((await ask(query, { not: true })).data).toEqual({ product: { box: 'box 1' } });
    expect(asked.at(-1)?.variables).toEqual({ representations: [{ __typename: 'Product', id: '1' }] });
    expect((await ask(query, { not: false })).data).toEqual({ product: { dollars: 10, box: 'box 1' } });
  });
});

describe('keys', () => {
  const a = {
    sdl: `${link('key', 'shareable')}
      type A @key(fields: "id") @key(fields: "other", resolvable: false) @key(fields: "id pair { two }", resolvable: false) {
        id: ID! other: ID! pair: Pair! name: String! }
      type Pair @shareable { one: ID! two: ID! }`,
    resolvers: { A: { __resolveReference: ({ id }: { id: string }) => ({ id, name: `name ${id}` }) } },
  };
  const b = {
    sdl: `${link('key', 'external', 'requires', 'shareable')}
      type Query { b: [A!]! }
      type A @key(fields: "other", resolvable: false) @key(fields: "id pair { two }") @key(fields: "id", resolvable: false) {
        id: ID! other: ID! pair: Pair! name: String! @external named: String! @requires(fields: "name") }
      type Pair @shareable { one: ID! two: ID! }`,
    resolvers: {
      Query: { b: () => [{ id: '1', other: 'o', pair: { one: '1', two: '2' } }] },
      A: { named: ({ name }: { name: string }) => `named ${name}` },
    },
  };

  it('that a subgraph cannot resolve do not lead into it when it has others', async () => {
    const { ask, asked } = await federation({ a, b });
    expect((await ask('{ b { id name named } }')).data).toEqual({ b: [{ id: '1', name: 'name 1', named: 'named name 1' }] });
    expect(asked.at(-1)?.variables.representations).toEqual([{ __typename: 'A', id: '1', pair: { two: '2' }, name: 'name 1' }]);
  });
});

describe('interface objects', () => {
  const media = {
    sdl: `${link('key')}
      type Query { media: [Media!]! }
      interface Media @key(fields: "id") { id: ID! title: String }
      type Book implements Media @key(fields: "id") { id: ID! title: String pages: Int }
      type Film implements Media @key(fields: "id") { id: ID! title: String }`,
    resolvers: {
      Query: { media: () => [1, 2].map((id) => ({ __typename: id === 1 ? 'Book' : 'Film', id, title: `title ${id}`, pages: 7 })) },
      Media: { __resolveReference: ({ id }: { id: string }) => ({ __typename: id === '1' ? 'Book' : 'Film', id, pages: 7 }) },
    },
  };
  const reviews = {
    sdl: `${link('key', 'interfaceObject', 'external', 'requires')}
      type Query { reviewed: [Media!]! }
      type Media @key(fields: "id") @interfaceObject { id: ID! stars: Int title: String @external label: String @requires(fields: "title") }`,
    resolvers: {
      Query: { reviewed: () => [{ id: '2' }, { id: '1' }] },
      Media: { stars: ({ id }: { id: string }) => Number(id), label: ({ title }: { title: string }) => `label ${title}` },
    },
  };

  it("have their own type's name, not the interface's, whichever subgraph they come from", async () => {
    const { ask } = await federation({ media, reviews });
    const { data } = await ask('{ reviewed { __typename stars ... on Book { pages } } media { stars __typename } }');
    expect(data).toEqual({
      reviewed: [
        { __typename: 'Film', stars: 2 },
        { __typename: 'Book', stars: 1, pages: 7 },
      ],
      media: [
        { stars: 1, __typename: 'Book' },
        { stars: 2, __typename: 'Film' },
      ],
    });
  });

  it('are asked for what needs nothing although a requirement is there for other types only', async () => {
    const { ask } = await federation({ media, reviews });
    const { data, errors } = await ask('{ media { stars ... on Film { label } } }');
    expect([data, errors]).toEqual([{ media: [{ stars: 1 }, { stars: 2, label: 'label title 2' }] }, undefined]);
  });

  it('are null, and not of another type, when nobody says of which type they are', async () => {
    const { ask, down } = await federation({ media, reviews });
    down.add('media');
    expect((await ask('{ reviewed { id stars } }')).data).toEqual({
      reviewed: [
        { id: '2', stars: 2 },
        { id: '1', stars: 1 },
      ],
    });
    const { data, errors } = await ask('{ reviewed { stars __typename } }');
    expect(data).toBeNull();
    expect(errors?.[0]?.extensions?.code).toBe('TRY_AGAIN_LATER');
  });
});

describe('an interface object that nobody resolves', () => {
  const a = {
    sdl: `${link('key')}
      type Query { a: Node other: Int }
      interface Node @key(fields: "id") { id: ID! }`,
    resolvers: { Query: { other: () => 1, a: () => null } },
  };
  const b = {
    sdl: `${link('key', 'interfaceObject')}
      type Query { b: Node }
      type Node @key(fields: "id", resolvable: false) @interfaceObject { id: ID! field: String }`,
    resolvers: { Query: { b: () => ({ id: 'n1', field: 'foo' }) } },
  };

  it('answers what its own subgraph has of it', async () => {
    const { ask } = await federation({ a, b });
    expect((await ask('{ b { id field } other }')).data).toEqual({
      b: { id: 'n1', field: 'foo' },
      other: 1,
    });
  });

  it('is refused, not null without a word, when what is asked for is out of reach', async () => {
    const { ask } = await federation({ a, b });
    await expect(ask('{ a { field } }')).rejects.toThrow('No subgraph can answer');
  });
});

describe('answers', () => {
  const tags = {
    sdl: `${link('key')}
      type Tag @key(fields: "id") { id: ID! name: String count: Int }`,
    resolvers: {
      Tag: {
        name: ({ id }: { id: string }) => `tag ${id}`,
        count: () => {
          throw new Error('nobody counts');
        },
      },
    },
  };

  it('have lists in lists, with nulls in them, and each entity is asked for once', async () => {
    const { ask, asked } = await federation({ products, tags });
    expect((await ask('{ product { tags { name } } }')).data).toEqual({
      product: { tags: [[{ name: 'tag a' }, null], null, [{ name: 'tag b' }, { name: 'tag a' }]] },
    });
    expect(asked.at(-1)?.variables.representations).toEqual([
      { __typename: 'Tag', id: 'a' },
      { __typename: 'Tag', id: 'b' },
    ]);
  });

  it('have an error for every place of an entity that was asked for once', async () => {
    const { ask } = await federation({ products, tags });
    const { errors } = await ask('{ product { list: tags { count } } }');
    expect(errors?.map(({ path }) => path)).toEqual([
      ['product', 'list', 0, 0, 'count'],
      ['product', 'list', 2, 1, 'count'],
      ['product', 'list', 2, 0, 'count'],
    ]);
  });

  it('share an entity within a path, not between paths that select other things of it', async () => {
    const { ask, asked } = await federation({ products, shipping });
    const { data } = await ask('{ products { id box } product { id box weight } }');
    expect(data).toEqual({
      products: ['1', '2', '1'].map((id) => ({ id, box: `box ${id}` })),
      product: { id: '1', box: 'box 1', weight: 10 },
    });
    expect(asked.filter(({ subgraph }) => subgraph === 'shipping')).toHaveLength(1);
  });

  it('have the alias __proto__', async () => {
    const { ask } = await federation({ products, shipping });
    const { data } = await ask('{ __proto__: product { id __proto__: box constructor: weight } }');
    expect(JSON.stringify(data)).toBe('{"__proto__":{"id":"1","__proto__":"box 1","constructor":10}}');
  });

  it('have the fields in the order of those that are included', async () => {
    const { ask } = await federation({ products, shipping });
    const query = 'query ($box: Boolean!) { product { box @include(if: $box) id ... on Product { weight box } } }';
    expect(Object.keys((await ask(query, { box: false })).data?.product ?? {})).toEqual(['id', 'weight', 'box']);
    expect(Object.keys((await ask(query, { box: true })).data?.product ?? {})).toEqual(['box', 'id', 'weight']);
  });

  it('have an object of which every field was left out', async () => {
    const { ask } = await federation({ products, shipping });
    expect((await ask('query ($no: Boolean!) { product { box @skip(if: true) weight @skip(if: $no) } }', { no: true })).data).toEqual({
      product: {},
    });
  });
});

describe('shared fields', () => {
  const shared = (object: string) => ({
    sdl: `${link('key', 'shareable')}
      type Query { it: It @shareable }
      type It @shareable { id: ID! part: Part }
      type Part { ${object}: String }`,
  });

  it('stay what they are when another subgraph has null for them', async () => {
    const { ask } = await federation({
      one: { ...shared('left'), resolvers: { Query: { it: () => ({ id: '1', part: { left: 'left' } }) } } },
      other: { ...shared('right'), resolvers: { Query: { it: () => null } } },
    });
    expect((await ask('{ it { id part { left right } } }')).data).toEqual({ it: { id: '1', part: { left: 'left', right: null } } });
  });
});
