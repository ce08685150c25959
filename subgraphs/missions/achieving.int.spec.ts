import { type Actor, anonymous, service, user } from '@madang/kernel/domain';
import { eventually } from '@madang/kernel/testing';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoMissions } from './seeds.ts';
import { admin, manager, type RunningMissions, runningMissions, type Shown, stranger } from './testing/running-missions.ts';

let running: RunningMissions;
beforeAll(async () => {
  running = await runningMissions({ replicas: 2 });
});
afterAll(() => running?.close());

const [mission, other] = demoMissions.map(({ id }) => id);
const recordsOf = (accountId: string) => running.rows('SELECT id FROM "MissionRecord" WHERE "accountId" = $1', accountId);

describe('achieving a mission', () => {
  it('is recorded with what it is worth, which later stays', async () => {
    const customer = running.customer();
    const { data: created } = await running.create({ points: 50 });
    const { data } = await running.achieve(customer, created?.id);
    await running.rows('UPDATE "Mission" SET points = 60 WHERE id = $1', created?.id);
    expect((await running.record(data?.id ?? '', customer)).data).toEqual({
      id: data?.id,
      status: 'ACHIEVED',
      title: '새 미션',
      points: 50,
      achievedAt: expect.any(String),
      rewardedAt: null,
      messagedAt: null,
      message: null,
      messageFailure: null,
      account: { id: customer.accountId },
      mission: { id: created?.id, title: '새 미션', points: 60 },
    });
    expect(await running.told(data?.id ?? '')).toEqual(['MissionAchieved']);
  });

  it('of fifty at once, one is recorded and the others are refused', async () => {
    const customer = running.customer();
    const answers = await Promise.all(Array.from({ length: 50 }, () => running.achieve(customer)));
    const [achieved, ...more] = answers.flatMap(({ data }) => (data ? [data] : []));
    expect(more).toEqual([]);
    const refusals = answers.flatMap(({ refusal }) => (refusal ? [refusal] : []));
    expect(refusals).toHaveLength(49);
    for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'ALREADY_ACHIEVED', recordId: achieved?.id });
    expect(await recordsOf(customer.accountId)).toEqual([{ id: achieved?.id }]);
    expect(await running.told(achieved?.id ?? '')).toEqual(['MissionAchieved']);
  });

  it('by fifty with one key, it is recorded once and all get that record', async () => {
    const customer = running.customer();
    const answers = await Promise.all(Array.from({ length: 50 }, () => running.achieve(customer, mission, 'one key')));
    expect(answers.map(({ refusal }) => refusal)).toEqual(answers.map(() => undefined));
    expect(new Set(answers.map(({ data }) => data?.id)).size).toBe(1);
    expect(await recordsOf(customer.accountId)).toHaveLength(1);
    expect((await running.achieve(customer, mission, 'another key')).refusal?.code).toBe('ALREADY_ACHIEVED');
    expect((await running.achieve(customer, other, 'one key')).refusal).toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
      field: 'idempotencyKey',
    });
  });

  it('is each account’s own, and each mission’s', async () => {
    const [one, two] = [running.customer(), running.customer()];
    for (const [who, what] of [
      [one, mission],
      [two, mission],
      [one, other],
    ] as const)
      expect((await running.achieve(who, what, `the same key ${what}`)).data?.status).toBe('ACHIEVED');
  });

  it('is refused for what is over, for what is not there, and to the anonymous', async () => {
    const { data } = await running.create({});
    await running.rows('UPDATE "Mission" SET active = false WHERE id = $1', data?.id);
    expect((await running.achieve(running.customer(), data?.id)).refusal?.code).toBe('MISSION_NOT_ACTIVE');
    expect((await running.achieve(running.customer(), uuidv7())).refusal?.code).toBe('NOT_FOUND');
    expect((await running.achieve(running.customer(), 'x')).refusal).toMatchObject({ code: 'BAD_INPUT', field: 'missionId' });
    expect((await running.achieve(anonymous)).refusal?.code).toBe('UNAUTHENTICATED');
    expect((await running.achieve(service('rewards'))).refusal?.code).toBe('UNAUTHENTICATED');
  });

  it('tells it with the correlation of the request', async () => {
    const customer = running.customer();
    const correlationId = uuidv7();
    await fetch(running.url(), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await running.tokenOf(customer)}`,
        'x-correlation-id': correlationId,
      },
      body: JSON.stringify({ query: `mutation { achieveMission(input: { missionId: "${mission}" }) { id } }` }),
    });
    const rows = await running.rows(`SELECT correlation_id FROM kernel.outbox WHERE data->>'accountId' = $1`, customer.accountId);
    expect(rows).toEqual([{ correlation_id: correlationId }]);
  });
});

describe('a record', () => {
  it('is there for whose it is and for staff, by its id and as a reference', async () => {
    const { id, customer } = await running.achieved();
    for (const actor of [customer, manager, admin, service('my-pages')]) expect((await running.record(id, actor)).data?.id).toBe(id);
    for (const wanted of [id, uuidv7(), 'x']) expect((await running.record(wanted, stranger)).refusal?.code).toBe('NOT_FOUND');
    expect((await running.record(id, anonymous)).refusal?.code).toBe('UNAUTHENTICATED');
    const of = [id, uuidv7(), 'x'].map((one) => ({ __typename: 'MissionRecord', id: one }));
    const entities = (actor: Actor) =>
      running.ask('query ($of: [_Any!]!) { _entities(representations: $of) { ... on MissionRecord { id } } }', { of }, actor);
    expect((await entities(customer)).data).toEqual([{ id }, null, null]);
    expect((await entities(stranger)).data).toEqual([null, null, null]);
  });

  it('is listed on its account and for operations, newest first, in pages, by status', async () => {
    const customer = running.customer();
    const ids: string[] = [];
    for (const { id } of demoMissions.slice(0, 3)) ids.unshift((await running.achieve(customer, id)).data?.id ?? '');
    const rewarded = ids[1] ?? '';
    await running.granted(rewarded);
    await eventually(async () => (await running.record(rewarded, customer)).data?.status === 'REWARDED');

    type Page = { edges: { node: Shown }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
    const page = '{ edges { node { id } } pageInfo { hasNextPage endCursor } }';
    const args = 'first: $first, after: $after, status: $status';
    const variables = '$first: Int, $after: String, $status: MissionRecordStatus';
    const ofAccount = async (list: object, actor: Actor = customer) => {
      const of = [{ __typename: 'Account', id: customer.accountId }];
      const query = `query ($of: [_Any!]!, ${variables}) { _entities(representations: $of) { ... on Account { missionRecords(${args}) ${page} } } }`;
      const { data, refusal } = await running.ask<{ missionRecords: Page | null }[]>(query, { of, ...list }, actor);
      return { data: data?.[0]?.missionRecords, refusal };
    };
    const operations = (list: object, actor: Actor = manager) =>
      running.ask<Page>(`query (${variables}) { operationsMissionRecords(${args}) ${page} }`, list, actor);
    const idsOf = ({ data }: { data?: Page | null | undefined }) => data?.edges.map(({ node }) => node.id);

    for (const list of [ofAccount, operations]) {
      const first = await list({ first: 2 });
      expect(idsOf(first)).toEqual(ids.slice(0, 2));
      expect(first.data?.pageInfo.hasNextPage).toBe(true);
      expect(idsOf(await list({ first: 1, after: first.data?.pageInfo.endCursor }))).toEqual(ids.slice(2));
      expect(idsOf(await list({ status: 'REWARDED' }))).toEqual([rewarded]);
      expect((await list({ first: 0 })).refusal).toMatchObject({ code: 'BAD_INPUT', field: 'first' });
    }
    expect(idsOf(await ofAccount({}, admin))).toEqual(ids);
    for (const actor of [stranger, anonymous]) expect(idsOf(await ofAccount({}, actor))).toEqual([]);
    expect((await operations({}, user(uuidv7(), 'CUSTOMER'))).refusal?.code).toBe('FORBIDDEN');
    expect((await operations({}, anonymous)).refusal?.code).toBe('UNAUTHENTICATED');
  });
});
