import { type Actor, anonymous } from '@madang/kernel/domain';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoClasses } from './seeds.ts';
import { admin, manager, type RunningPtOrders, runningPtOrders, stranger } from './testing/running-pt-orders.ts';

let running: RunningPtOrders;
beforeAll(async () => {
  running = await runningPtOrders();
});
afterAll(() => running?.close());

interface Class {
  readonly id: string;
  readonly name: string;
  readonly price: number;
}
interface Page {
  readonly edges: { readonly node: Class }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
}

const register = (input: object, actor: Actor = admin) =>
  running.ask<Class>(
    'mutation Register($input: RegisterPtClassInput!) { registerPtClass(input: $input) { id name description durationMinutes price } }',
    { input },
    actor,
  );
const list = (args: object = {}, actor: Actor = anonymous) =>
  running.ask<Page>(
    'query ($first: Int, $after: String) { ptClasses(first: $first, after: $after) { edges { node { id name price } } pageInfo { hasNextPage endCursor } } }',
    args,
    actor,
  );
const one = (id: string) => running.ask<Class>('query ($id: ID!) { ptClass(id: $id) { id name price } }', { id });

const boxing = (more: object = {}) => ({
  name: `복싱 PT ${uuidv7()}`,
  description: '샌드백과 미트',
  durationMinutes: 50,
  price: 55_000,
  ...more,
});

describe('the classes', () => {
  it('of the demo are there for everybody, in pages', async () => {
    const newestFirst = demoClasses.map(({ id }) => id).reverse();
    const { data } = await list({ first: 4 });
    expect(data?.edges.map(({ node }) => node.id)).toEqual(newestFirst.slice(0, 4));
    expect(data?.pageInfo.hasNextPage).toBe(true);
    const { data: rest } = await list({ first: 4, after: data?.pageInfo.endCursor });
    expect(rest?.edges.map(({ node }) => node.id)).toEqual(newestFirst.slice(4));
    expect(rest?.pageInfo.hasNextPage).toBe(false);
    expect((await one(running.classId)).data).toMatchObject({ name: demoClasses[0]?.name, price: demoClasses[0]?.price });
    for (const id of [uuidv7(), 'x']) expect((await one(id)).refusal?.code).toBe('NOT_FOUND');
    for (const first of [0, 101]) expect((await list({ first })).refusal?.code).toBe('BAD_INPUT');
    expect((await list({ after: '?' })).refusal?.code).toBe('BAD_INPUT');
  });

  it('are found by reference', async () => {
    const reference = 'query ($id: ID!) { _entities(representations: [{ __typename: "PtClass", id: $id }]) { ... on PtClass { name } } }';
    expect((await running.ask(reference, { id: running.classId })).data).toEqual([{ name: demoClasses[0]?.name }]);
    expect((await running.ask(reference, { id: uuidv7() })).refusal?.code).toBe('NOT_FOUND');
  });
});

describe('registering', () => {
  it('adds a class, and changes one of that name, which orders do not notice', async () => {
    const class1 = boxing();
    const { data } = await register(class1);
    expect(data).toMatchObject(class1);
    const customer = running.customer();
    const order = (await running.order(customer, { classId: data?.id })).data;
    expect((await register({ ...class1, price: 0 })).data).toMatchObject({ id: data?.id, price: 0 });
    expect((await running.read(order?.id ?? '', customer)).data).toMatchObject({ price: 55_000, ptClass: { id: data?.id, price: 0 } });
  });

  it('gives the same answer to the same key', async () => {
    const class1 = boxing({ idempotencyKey: uuidv7() });
    const { data } = await register(class1);
    expect((await register(class1)).data).toEqual(data);
    expect((await register({ ...class1, price: 1 })).refusal?.code).toBe('IDEMPOTENCY_CONFLICT');
  });

  it('is an ADMIN’s, and says what is wrong', async () => {
    const count = async () => (await running.rows('SELECT 1 FROM "PtClass"')).length;
    const before = await count();
    for (const actor of [manager, stranger]) expect((await register(boxing(), actor)).refusal?.code).toBe('FORBIDDEN');
    expect((await register(boxing(), anonymous)).refusal?.code).toBe('UNAUTHENTICATED');
    for (const [field, value] of [
      ['name', ' '],
      ['description', ''],
      ['durationMinutes', 9],
      ['durationMinutes', 241],
      ['price', -1],
      ['idempotencyKey', ''],
    ] as const)
      expect((await register(boxing({ [field]: value }))).refusal).toMatchObject({ code: 'BAD_INPUT', field });
    expect(await count()).toBe(before);
  });
});
