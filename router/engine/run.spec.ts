import { describe, expect, it } from 'vitest';
import { federation, nobody } from '../testing/in-process.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';

function world() {
  const waiting: (() => void)[] = [];
  const slowly = () => new Promise((resolve) => waiting.push(() => resolve({ id: '1' })));
  const orders = {
    sdl: `${LINK} type Query { order: Order slow: Order } type Mutation { first: Order second: Order } type Subscription { changed: Order } type Order @key(fields: "id") { id: ID! }`,
    resolvers: { Query: { order: () => ({ id: '1' }), slow: slowly }, Mutation: { first: slowly, second: () => ({ id: '2' }) } },
  };
  const notes = { sdl: `${LINK} type Order @key(fields: "id") { id: ID! note: String }`, resolvers: { Order: { note: () => 'note' } } };
  return { waiting, made: federation({ orders, notes }) };
}

describe('a run', () => {
  it('gives up what only reads when the client goes away', async () => {
    const { made } = world();
    const { engine, asked } = await made;
    const client = new AbortController();
    const operation = engine.prepare('{ slow { note } }', undefined);
    if ('problems' in operation) throw new Error('not prepared');
    const answer = engine.execute(operation, {}, nobody(client.signal));
    await expect.poll(() => asked.length).toBe(1);
    client.abort();
    expect((await answer).data).toEqual({ slow: null });
    expect(asked).toHaveLength(1);
  });

  it('carries a mutation out to its end, one field after the other', async () => {
    const { made, waiting } = world();
    const { engine, asked } = await made;
    const client = new AbortController();
    const operation = engine.prepare('mutation { first { note } second { note } }', undefined);
    if ('problems' in operation) throw new Error('not prepared');
    const answer = engine.execute(operation, {}, nobody(client.signal));
    await expect.poll(() => waiting.length).toBe(1);
    expect(asked).toHaveLength(1);
    client.abort();
    waiting[0]?.();
    expect((await answer).data).toMatchObject({ first: { note: null }, second: { note: null } });
  });

  it('says which fields are missing when a subgraph does not answer, and has the others', async () => {
    const { made } = world();
    const { ask, down } = await made;
    down.add('notes');
    const { data, errors } = await ask('{ order { id note } }');
    expect(data).toEqual({ order: { id: '1', note: null } });
    expect(errors).toMatchObject([{ path: ['order', 'note'], extensions: { code: 'TRY_AGAIN_LATER', field: 'note' } }]);
  });

  it('refuses variables that do not fit, and asks nobody', async () => {
    const { made } = world();
    const { engine, asked } = await made;
    const operation = engine.prepare('query ($yes: Boolean!) { order @include(if: $yes) { id } }', undefined);
    if ('problems' in operation) throw new Error('not prepared');
    expect((await engine.execute(operation, {}, nobody())).errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
    expect(asked).toEqual([]);
  });
});

describe('preparing', () => {
  it.each([
    ['{ order { id }', undefined, 'GRAPHQL_PARSE_FAILED'],
    ['{ nothing }', undefined, 'GRAPHQL_VALIDATION_FAILED'],
    ['subscription ($no: Boolean!) { changed @skip(if: $no) { id } }', undefined, 'GRAPHQL_VALIDATION_FAILED'],
    ['query A { order { id } } query B { order { id } }', undefined, 'OPERATION_RESOLUTION_FAILURE'],
    ['query A { order { id } }', 'B', 'OPERATION_RESOLUTION_FAILURE'],
  ])('%s as %s is %s', async (query, operationName, code) => {
    const { engine } = await world().made;
    const prepared = engine.prepare(query, operationName);
    expect('problems' in prepared && prepared.problems[0]?.extensions.code).toBe(code);
  });

  it('remembers an operation', async () => {
    const { engine } = await world().made;
    expect(engine.prepare('{ order { id } }', undefined)).toBe(engine.prepare('{ order { id } }', undefined));
  });
});
