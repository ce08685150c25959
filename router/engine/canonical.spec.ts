import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { federation, nobody } from '../testing/in-process.ts';
import { canonical } from './canonical.ts';
import { clientError } from './names.ts';
import { chosen } from './prepare.ts';

function form(query: string, operationName?: string) {
  const document = parse(query);
  const operation = chosen(document, operationName);
  if (!operation) throw new Error('no operation');
  return canonical(document, operation);
}

describe('the canonical document', () => {
  it.each([
    [
      'names, white space and comments',
      'query A($id: ID! = "1") { x: a(id: $id) { b } }',
      'query($key:ID!="1"){y:a(id:$key),{b}} # the same',
    ],
    ['fragments', 'query A { ...F } fragment F on Query { x: a }', '{ ...G } fragment G on Query { y: a }'],
    ['texts', '{ a(text: "two \\"lines\\"\\nhere") }', '{ a(text: """\n  two "lines"\n  here\n""") }'],
    ['an alias that is the name', '{ a: a }', '{ a }'],
    ['__proto__', '{ x: a { y: b } }', '{ __proto__: a { constructor: b } }'],
  ])('is the same whatever the %s', (_, one, other) => {
    expect(form(other)?.text).toBe(form(one)?.text);
  });

  it.each([
    ['an alias that is there twice', '{ x: a { x: b } }', '{ x: a { y: b } }'],
    ['a variable that is there twice', 'query ($a: Int $b: Int) { x(a: $a b: $a) }', 'query ($a: Int $b: Int) { x(a: $a b: $b) }'],
    ['a literal', '{ a(id: 1) }', '{ a(id: "1") }'],
    ['an alias', '{ a }', '{ x: a }'],
    ['a default', 'query ($a: Int = 1) { x(a: $a) }', 'query ($a: Int) { x(a: $a) }'],
    ['a directive', '{ a @include(if: true) }', '{ a @skip(if: true) }'],
    ['a type condition', '{ ... on A { a } }', '{ ... { a } }'],
  ])('is another one with another use of %s', (_, one, other) => {
    expect(form(other)?.text).not.toBe(form(one)?.text);
  });

  it('gives a name that is an alias somewhere to nothing else', () => {
    expect(form('{ a { name title } b { name: title } }')?.text).toBe('query{a{__a0:name title} b{__a0:title}}');
  });

  it('tells several operations apart', () => {
    const two = 'query One($a: Int) { x(a: $a) } query Two($b: Int) { x(a: $b) }';
    expect(form(two, 'Two')).toEqual({
      text: 'query o0($v0:Int){x(a:$v0)} query o1($v1:Int){x(a:$v1)}',
      operationName: 'o1',
      names: { responses: [], variables: ['a', 'b'] },
    });
  });

  it('is none where something else is defined', () => {
    expect(form('{ a } type A { a: Int }')).toBeNull();
  });
});

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requires", "@external"])';

const shop = {
  sdl: `${link}
    type Subscription { changed(id: ID!): Product }
    type Query { product(id: ID! = "1"): Product products(ids: [ID!] = ["1"]): [Product!]! any: [Any!] }
    union Any = Product | Note
    type Note { id: ID! text: String }
    type Product @key(fields: "id") { id: ID! name: String title: String weight: Int price(currency: String = "KRW"): Int broken: Int }`,
  resolvers: {
    Query: {
      product: (_: unknown, { id }: { id: string }) => ({ id }),
      products: (_: unknown, { ids }: { ids: string[] }) => ids.map((id) => ({ id })),
      any: () => [
        { __typename: 'Product', id: '1' },
        { __typename: 'Note', id: 'n', text: 'text' },
      ],
    },
    Product: {
      __resolveReference: ({ id }: { id: string }) => ({ id }),
      name: ({ id }: { id: string }) => `name ${id}`,
      title: ({ id }: { id: string }) => `title ${id}`,
      weight: ({ id }: { id: string }) => Number(id) * 10,
      price: (_: unknown, { currency }: { currency: string }) => ({ KRW: 1000, USD: 1 })[currency],
      broken: () => {
        throw new Error('out of order');
      },
    },
  },
};

const shipping = {
  sdl: `${link}
    type Product @key(fields: "id") { id: ID! weight: Int @external box: String @requires(fields: "weight") lost: Int }`,
  resolvers: {
    Product: {
      box: ({ id, weight }: { id: string; weight: number }) => `box ${id} of ${weight}`,
      lost: () => {
        throw new Error('lost');
      },
    },
  },
};

describe('an operation whose names are new', async () => {
  const { ask, asked, engine } = await federation({ shop, shipping });

  it('is planned by those that were there before, and answered under its own names', async () => {
    const plans = [
      'query A($id: ID!) { one: product(id: $id) { n: name box } }',
      'query B($key: ID!) { __proto__: product(id: $key) { m: name box } }',
    ].map((query) => engine.prepare(query, undefined));
    const [first, second] = plans.map((each) => ('plan' in each ? each.plan : null));
    expect(first).not.toBeNull();
    expect(second).toBe(first);
    const { data } = await ask('query B($key: ID!) { __proto__: product(id: $key) { m: name box } }', { key: '2' });
    expect(JSON.stringify(data)).toBe('{"__proto__":{"m":"name 2","box":"box 2 of 20"}}');
    expect(engine.prepare('query B { product { id } }', undefined)).toMatchObject({ name: 'B' });
  });

  it('may give an alias to different fields in different places', async () => {
    const { data } = await ask('{ a: product { a: name b: title } b: product(id: "2") { b: name a: title } }');
    expect(data).toEqual({ a: { a: 'name 1', b: 'title 1' }, b: { b: 'name 2', a: 'title 2' } });
  });

  it('may call a field what another one is called, also a key or what is required', async () => {
    const { data, errors } = await ask('{ product { name: title title: name id: name weight: price box } }');
    expect([data, errors]).toEqual([
      { product: { name: 'title 1', title: 'name 1', id: 'name 1', weight: 1000, box: 'box 1 of 10' } },
      undefined,
    ]);
    expect((await ask('{ product { name } other: product { name: title } }')).data).toEqual({
      product: { name: 'name 1' },
      other: { name: 'title 1' },
    });
  });

  it('may call the type, and something else the type', async () => {
    const { data } = await ask('{ any { kind: __typename ... on Product { __typename: name box } ... on Note { text } } }');
    expect(data).toEqual({
      any: [
        { kind: 'Product', __typename: 'name 1', box: 'box 1 of 10' },
        { kind: 'Note', text: 'text' },
      ],
    });
    expect((await ask('{ any { __typename } product { __typename: name } }')).data).toEqual({
      any: [{ __typename: 'Product' }, { __typename: 'Note' }],
      product: { __typename: 'name 1' },
    });
  });

  it('may use a fragment twice, under different aliases', async () => {
    const query = '{ one: product(id: "1") { ...Own } two: product(id: "2") { ...Own } } fragment Own on Product { mine: name box }';
    expect((await ask(query)).data).toEqual({ one: { mine: 'name 1', box: 'box 1 of 10' }, two: { mine: 'name 2', box: 'box 2 of 20' } });
  });

  it('has its variables, with their defaults', async () => {
    const query = 'query ($currency: String = "USD", $ids: [ID!]) { products(ids: $ids) { id price(currency: $currency) } }';
    const again = query.replaceAll('$currency', '$v1').replaceAll('$ids', '$v0');
    expect((await ask(query, { ids: ['3'] })).data).toEqual({ products: [{ id: '3', price: 1 }] });
    expect((await ask(again, { v0: ['3'], v1: 'KRW' })).data).toEqual({ products: [{ id: '3', price: 1000 }] });
    expect((await ask(query)).data).toEqual({ products: [{ id: '1', price: 1 }] });
    expect((await ask(again)).data).toEqual({ products: [{ id: '1', price: 1 }] });
  });

  it('has what @include leaves of a fragment', async () => {
    const query = (variable: string) =>
      `query ($${variable}: Boolean = true) { product { id ...More @include(if: $${variable}) } } fragment More on Product { more: name box }`;
    const all = { product: { id: '1', more: 'name 1', box: 'box 1 of 10' } };
    expect((await ask(query('a'))).data).toEqual(all);
    expect((await ask(query('b'), { b: false, a: true })).data).toEqual({ product: { id: '1' } });
    expect((await ask(query('constructor'))).data).toEqual(all);
  });

  it('has its errors at its own paths, also those of entities', async () => {
    const query = '{ mine: products(ids: ["1", "2"]) { gone: lost bad: broken } }';
    const { errors } = await ask(query);
    expect(errors?.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        ['mine', 0, 'bad'],
        ['mine', 1, 'bad'],
        ['mine', 0, 'gone'],
        ['mine', 1, 'gone'],
      ]),
    );
  });

  it('asks for introspection under its own names', async () => {
    const { data } = await ask(
      'query ($n: String!) { s: __schema { q: queryType { n: name } } t: __type(name: $n) { k: kind } p: product { id } }',
      {
        n: 'Product',
      },
    );
    expect(data).toEqual({ s: { q: { n: 'Query' } }, t: { k: 'OBJECT' }, p: { id: '1' } });
    expect(
      (
        await ask('query ($m: String!) { z: __schema { y: queryType { x: name } } t: __type(name: $m) { k: kind } p: product { id } }', {
          m: 'Note',
        })
      ).data,
    ).toEqual({ z: { y: { x: 'Query' } }, t: { k: 'OBJECT' }, p: { id: '1' } });
  });

  it('is told what is wrong with it by its own names, where it is wrong', async () => {
    const problems = (query: string) => {
      const made = engine.prepare(query, undefined);
      return 'problems' in made ? made.problems.map(({ message, locations }) => [message, locations?.[0]?.column]) : [];
    };
    await ask('query ($a: ID!) { product(id: $a) { id } }', { a: '1' });
    expect(problems('query ($key: ID!) { mine: product(id: $other) { nothing } }')).toEqual([
      ['Cannot query field "nothing" on type "Product".', 49],
      ['Variable "$other" is not defined.', 39],
      ['Variable "$key" is never used.', 8],
    ]);
    const { errors } = await ask('query ($key: ID!) { product(id: $key) { id } }', { key: null });
    expect(errors).toMatchObject([
      { message: 'Variable "$key" of non-null type "ID!" must not be null.', locations: [{ line: 1, column: 8 }] },
    ]);
  });

  it('is asked of subgraphs by numbers', async () => {
    await ask('query Mine($id: ID!) { mine: product(id: $id) { name } }', { id: '1' });
    expect(asked.at(-1)).toEqual({ subgraph: 'shop', query: 'query($v0:ID!){__a0:product(id:$v0){name}}', variables: { v0: '1' } });
  });

  it('is told events, and what is wrong with them, by its own names', async () => {
    const query = 'subscription Mine($key: ID!) { mine: changed(id: $key) { n: name box gone: lost } }';
    const operation = engine.prepare(query, undefined);
    if ('problems' in operation) throw new Error('not prepared');
    expect(operation.source).toMatchObject({ field: 'mine', query: expect.stringContaining('__a0:changed(id:$v0)') });
    expect(engine.sourceVariables(operation, { key: '7' })).toEqual({ v0: '7' });
    const event = {
      data: { __a0: { __typename: 'Product', id: '7', weight: 70, __a1: null } },
      errors: [{ message: 'Variable "$v0" is odd', path: ['__a0', '__a1'] }] as never,
    };
    const { data, errors } = await engine.complete(operation, event, { key: '7' }, nobody());
    expect(data).toEqual({ mine: { n: null, box: 'box 7 of 70', gone: null } });
    expect(errors?.map(({ message, path }) => [message, path])).toEqual([
      ['Variable "$key" is odd', ['mine', 'n']],
      ['lost', ['mine', 'gone']],
    ]);
  });
});

describe("a subgraph's error", () => {
  const names = { responses: ['mine'], variables: ['from', 'to'] };
  it.each([
    ['Variable "$v1" got invalid value 5; no date', 'Variable "$to" got invalid value 5; no date'],
    ['Variable "$v1" got invalid value 5 at "v1.day"; no date', 'Variable "$to" got invalid value 5 at "to.day"; no date'],
    ['Variable "$v7" is new', 'Variable "$v7" is new'],
    ['There is no "v1" and no "$v1".', 'There is no "v1" and no "$v1".'],
  ])('%s', (message, shown) => {
    expect(clientError({ message, path: ['__a0', 3, '__a1', 'id'] }, names)).toEqual({ message: shown, path: ['mine', 3, '__a1', 'id'] });
  });
});
