import { type Actor, anonymous } from '@madang/kernel/domain';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { demoMissions } from './seeds.ts';
import { admin, MISSION, manager, type RunningMissions, runningMissions } from './testing/running-missions.ts';

let running: RunningMissions;
beforeAll(async () => {
  running = await runningMissions({ replicas: 2 });
});
afterAll(() => running?.close());

const byId = (id: string) => running.ask<object>(`query ($id: ID!) { mission(id: $id) ${MISSION} }`, { id }, anonymous);

it('the demo has its missions once, whoever starts', async () => {
  const rows = await running.rows('SELECT id, points, active FROM "Mission" ORDER BY id');
  expect(rows).toEqual(demoMissions.map(({ id, points }) => ({ id, points, active: true })));
  await running.replica();
  expect(await running.rows('SELECT id, points, active FROM "Mission" ORDER BY id')).toEqual(rows);
});

it('missions are there for everybody, the last created first, in pages', async () => {
  type List = { edges: { node: { id: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
  const list = (args: object) =>
    running.ask<List>(
      'query ($first: Int, $after: String) { missions(first: $first, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } } }',
      args,
      anonymous,
    );
  const newest = demoMissions.map(({ id }) => id).reverse();
  const { data } = await list({ first: 4 });
  expect(data?.edges.map(({ node }) => node.id)).toEqual(newest.slice(0, 4));
  expect(data?.pageInfo.hasNextPage).toBe(true);
  expect((await list({ after: data?.pageInfo.endCursor })).data?.edges.map(({ node }) => node.id)).toEqual(newest.slice(4));
  expect((await list({ first: 0 })).refusal).toMatchObject({ code: 'BAD_INPUT', field: 'first' });
  expect((await list({ after: 'nonsense' })).refusal).toMatchObject({ code: 'BAD_INPUT', field: 'after' });
  for (const id of ['x', '01900000-0000-7000-8000-0000000fffff']) expect((await byId(id)).refusal?.code).toBe('NOT_FOUND');
  const of = [{ __typename: 'Mission', id: newest[0] }];
  const entities = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Mission { id } } }';
  expect((await running.ask(entities, { of }, anonymous)).data).toEqual([{ id: newest[0] }]);
});

it('an ADMIN creates one, which can be achieved at once', async () => {
  const { data } = await running.create({ title: ' 새 미션 ' });
  expect(data).toEqual({ id: expect.any(String), title: '새 미션', description: '해 보세요.', points: 50, active: true });
  expect((await byId(data?.id ?? '')).data).toEqual(data);
  expect((await running.achieve(running.customer(), data?.id)).data).toMatchObject({ status: 'ACHIEVED', title: '새 미션', points: 50 });
  const others: [Actor, string][] = [
    [manager, 'FORBIDDEN'],
    [running.customer(), 'FORBIDDEN'],
    [anonymous, 'UNAUTHENTICATED'],
  ];
  for (const [actor, code] of others) expect((await running.create({}, actor)).refusal?.code).toBe(code);
  for (const wrong of [{ title: ' ' }, { description: '' }, { points: 0 }, { points: 1_000_001 }])
    expect((await running.create(wrong)).refusal).toMatchObject({ code: 'BAD_INPUT', field: Object.keys(wrong)[0] });
});

it('one is created once by one key', async () => {
  const wish = { title: '한 번만', idempotencyKey: 'this one' };
  const answers = await Promise.all(Array.from({ length: 10 }, () => running.create(wish, admin)));
  expect(new Set(answers.map(({ data }) => data?.id)).size).toBe(1);
  expect(await running.rows(`SELECT 1 FROM "Mission" WHERE title = '한 번만'`)).toHaveLength(1);
  expect((await running.create({ ...wish, points: 51 })).refusal?.code).toBe('IDEMPOTENCY_CONFLICT');
});
