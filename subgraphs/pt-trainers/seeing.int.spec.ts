import { anonymous, type User, user } from '@madang/kernel/domain';
import { eventually } from '@madang/kernel/testing';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  admin,
  manager,
  type Order,
  type RunningPtTrainers,
  runningPtTrainers,
  SCHEDULE,
  type Shown,
} from './testing/running-pt-trainers.ts';

let running: RunningPtTrainers;
let trainer: User;
beforeAll(async () => {
  running = await runningPtTrainers();
  trainer = await running.trainer();
});
afterAll(() => running?.close());

const stranger = user('01900000-0000-7000-8000-0000000000ff', 'CUSTOMER', 'TRAINER');
const customer = ({ accountId }: Order) => user(accountId, 'CUSTOMER');
const requested = () => running.requested(running.order({ trainerId: trainer.accountId }));

describe('lists', () => {
  type Page = { edges: { node: { id: string; displayName: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
  const PAGE = '{ edges { node { id } } pageInfo { hasNextPage endCursor } }';
  const list = (name: string, args: object, actor: Parameters<typeof running.ask>[2]) =>
    running.ask<Page>(
      `query ($first: Int, $after: String, $status: PtScheduleStatus) { ${name}(first: $first, after: $after, status: $status) ${PAGE} }`,
      args,
      actor,
    );
  const ids = (page: Page | null) => page?.edges.map(({ node }) => node.id);

  it('of schedules: a trainer’s own, a trainer’s for staff, and everybody’s, newest first, in pages, by status', async () => {
    const by = await running.trainer();
    const order = () => running.requested(running.order({ trainerId: by.accountId }));
    const [first, second, third] = [await order(), await order(), await order()];
    await running.confirm(second.id, new Date(), by);
    const elsewhere = await requested();
    const { data } = await list('myPtSchedules', { first: 2 }, by);
    expect([ids(data), data?.pageInfo.hasNextPage]).toEqual([[third.id, second.id], true]);
    expect(ids((await list('myPtSchedules', { first: 2, after: data?.pageInfo.endCursor }, by)).data)).toEqual([first.id]);
    expect(ids((await list('myPtSchedules', { status: 'CONFIRMED' }, by)).data)).toEqual([second.id]);
    expect(ids((await list('operationsPtSchedules', { first: 2 }, manager)).data)).toEqual([elsewhere.id, third.id]);
    for (const actor of [manager, admin, customer(first)]) expect((await list('myPtSchedules', {}, actor)).refusal?.code).toBe('FORBIDDEN');
    for (const actor of [by, customer(first)]) expect((await list('operationsPtSchedules', {}, actor)).refusal?.code).toBe('FORBIDDEN');
    const ofTrainer = `query ($id: ID!) { _entities(representations: [{ __typename: "Trainer", id: $id }]) { ... on Trainer { schedules(first: 5) ${PAGE} } } }`;
    const seen = async (actor: Parameters<typeof running.ask>[2]) =>
      ids((await running.ask<{ schedules: Page }[]>(ofTrainer, { id: by.accountId }, actor)).data?.[0]?.schedules ?? null);
    for (const actor of [by, manager]) expect(await seen(actor)).toEqual([third.id, second.id, first.id]);
    for (const actor of [trainer, customer(first)]) expect(await seen(actor)).toEqual([]);
  });

  it('of trainers, for staff: whoever holds the role, in whatever order it was told', async () => {
    const query =
      'query ($first: Int, $after: String) { trainers(first: $first, after: $after) { edges { node { id displayName } } pageInfo { hasNextPage endCursor } } }';
    const newest = await running.trainer('박강사');
    const { data } = await running.ask<Page>(query, { first: 1 }, manager);
    expect(data?.edges).toEqual([{ node: { id: newest.accountId, displayName: '박강사' } }]);
    const next = await running.ask<Page>(query, { first: 100, after: data?.pageInfo.endCursor }, admin);
    expect(ids(next.data)).toContain(trainer.accountId);
    expect(ids(next.data)).not.toContain(newest.accountId);
    for (const actor of [trainer, user(uuidv7(), 'CUSTOMER')])
      expect((await running.ask(query, {}, actor)).refusal?.code).toBe('FORBIDDEN');
    expect((await running.ask(query, { first: 0 }, manager)).refusal?.code).toBe('BAD_INPUT');
  });
});

describe('watching', () => {
  type Change = {
    result: string;
    occurredAt: string;
    cursor: string;
    order: { id: string };
    schedule: Shown;
    trainer: { displayName: string } | null;
  };
  const RESULTS = (args = '') =>
    `subscription { lessonResultPosted${args} { result occurredAt cursor order { id } schedule ${SCHEDULE} trainer { id displayName } } }`;
  /** A lesson that begins now, of a trainer who has no other. */
  const held = async (name?: string) => {
    const by = await running.trainer(name);
    const order = await running.requested(running.order({ trainerId: by.accountId }));
    await running.confirm(order.id, new Date(), by);
    return { ...order, by, post: () => running.post(order.id, `${order.orderId}의 결과`, by) };
  };
  /** Where the stream is: a watch that begins there misses nothing. */
  async function here(): Promise<string> {
    const watch = await running.watch<Change>(RESULTS(), manager);
    await eventually(async () => {
      await (await held()).post();
      return watch.seen.length > 0;
    });
    await watch.stop();
    return watch.seen.at(-1)?.cursor ?? '';
  }

  it('tells each result: the customer’s own, the trainer’s own, all to staff, and again what was missed', async () => {
    const [one, other, after] = [await held('김강사'), await held(), await here()];
    const watches = await Promise.all(
      [customer(one), one.by, manager, admin].map((actor) => running.watch<Change>(RESULTS(`(after: "${after}")`), actor)),
    );
    const [mine, theirs, all, admins] = watches;
    await other.post();
    await one.post();
    await eventually(() => watches.every(({ seen }) => seen.some(({ order }) => order.id === one.orderId)));
    for (const watch of [mine, theirs]) expect(watch?.seen.map(({ order }) => order.id)).toEqual([one.orderId]);
    for (const watch of [all, admins]) expect(watch?.seen.slice(-2).map(({ order }) => order.id)).toEqual([other.orderId, one.orderId]);
    expect(mine?.seen[0]).toMatchObject({
      result: `${one.orderId}의 결과`,
      order: { id: one.orderId },
      schedule: { id: one.id, status: 'RESULT_POSTED', result: `${one.orderId}의 결과` },
      trainer: { id: one.trainerId, displayName: '김강사' },
    });
    for (const watch of watches) await watch.stop();
    const cursor = all?.seen.at(-2)?.cursor;
    const missed = await running.watch<Change>(RESULTS(`(orderId: "${one.orderId}", after: "${cursor}")`), customer(one));
    await eventually(() => missed.seen.length === 1);
    expect(missed.seen[0]?.result).toBe(`${one.orderId}의 결과`);
    await missed.stop();
  });

  it('is refused for another’s order, and to nobody in particular', async () => {
    const order = await requested();
    const refusal = async (query: string, actor: Parameters<typeof running.watch>[1]) => (await running.watch(query, actor)).ended;
    expect(await refusal(RESULTS(`(orderId: "${order.orderId}")`), stranger)).toBe('NOT_FOUND');
    expect(await refusal(RESULTS('(after: "nonsense")'), customer(order))).toBe('BAD_INPUT');
    expect(await refusal(RESULTS(), anonymous)).toBe('UNAUTHENTICATED');
  });
});
