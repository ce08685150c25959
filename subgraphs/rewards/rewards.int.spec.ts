import { type Actor, anonymous, service, user } from '@madang/kernel/domain';
import { eventually } from '@madang/kernel/testing';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reward } from './reward.ts';
import { type Achievement, REWARD, type RunningRewards, runningRewards } from './testing/running-rewards.ts';

let running: RunningRewards;
beforeAll(async () => {
  running = await runningRewards({ replicas: 2 });
});
afterAll(() => running?.close());

const owner = ({ accountId }: Achievement) => user(accountId, 'CUSTOMER');
const stranger = user('01900000-0000-7000-8000-0000000000ff', 'CUSTOMER', 'TRAINER');
const manager = user('01900000-0000-7000-8000-000000000002', 'CUSTOMER', 'MANAGER');
const admin = user('01900000-0000-7000-8000-000000000004', 'CUSTOMER', 'ADMIN');

const handled = async () => (await running.rows('SELECT 1 FROM kernel.inbox')).length;
/** An achievement and its reward. */
async function rewarded(achievement = running.achievement()) {
  await running.achieved(achievement);
  const [reward] = (await eventually(async () => {
    const found = await running.rewardsOf(achievement);
    return found.length === 1 && found;
  })) as [Reward];
  return { achievement, reward };
}

describe('an achieved mission', () => {
  it('is rewarded with the points that it was worth', async () => {
    const { achievement, reward } = await rewarded();
    const { accountId, missionId, recordId } = achievement;
    const { data } = await running.ask(`query ($id: ID!) { reward(id: $id) ${REWARD} }`, { id: reward.id }, owner(achievement));
    expect(data).toEqual({
      id: reward.id,
      title: '첫 대여',
      points: 500,
      grantedAt: reward.grantedAt.toISOString(),
      account: { id: accountId },
      mission: { id: missionId },
      record: { id: recordId },
    });
    const at = reward.grantedAt.toISOString();
    expect(await running.published(reward.id)).toEqual([
      { name: 'RewardGranted', data: { rewardId: reward.id, ...achievement, title: '첫 대여', points: 500, at } },
    ]);
  });

  it('is rewarded once, however often it is told, by the same event or by another', async () => {
    const { achievement, reward } = await rewarded();
    const before = await handled();
    await running.achieved(achievement, 3);
    await running.achieved(achievement, 3);
    await eventually(async () => (await handled()) >= before + 2);
    expect(await running.rewardsOf(achievement)).toEqual([reward]);
    expect(await running.published(reward.id)).toHaveLength(1);
  });

  it('is rewarded once when fifty tell of it at once, on two replicas', async () => {
    const achievement = running.achievement();
    const before = await handled();
    await Promise.all(Array.from({ length: 50 }, () => running.achieved(achievement)));
    await eventually(async () => (await handled()) === before + 50, { withinMs: 20_000 });
    const rewards = await running.rewardsOf(achievement);
    expect(rewards).toHaveLength(1);
    expect(await running.published(rewards[0]?.id)).toHaveLength(1);
    expect(await running.deadLetters()).toEqual([]);
  });

  it('and its reward are one chain: same correlation, caused by that event', async () => {
    const achievement = running.achievement();
    const causation_id = await running.achieved(achievement);
    const chain = () =>
      running.rows(`SELECT correlation_id, causation_id FROM kernel.outbox WHERE data->>'recordId' = $1`, achievement.recordId);
    expect(await eventually(async () => (await chain()).length > 0 && chain())).toEqual([{ correlation_id: 'test', causation_id }]);
  });
});

describe('a reward', () => {
  const one = (id: string, actor: Actor) => running.ask<Reward>(`query ($id: ID!) { reward(id: $id) { id } }`, { id }, actor);

  it('is there for whose it is and for staff', async () => {
    const { achievement, reward } = await rewarded();
    for (const actor of [owner(achievement), manager, admin, service('wallets')])
      expect((await one(reward.id, actor)).data?.id).toBe(reward.id);
    expect((await one(reward.id, stranger)).refusal?.code).toBe('NOT_FOUND');
    expect((await one(reward.id, anonymous)).refusal?.code).toBe('UNAUTHENTICATED');
    for (const id of [uuidv7(), 'x']) expect((await one(id, owner(achievement))).refusal?.code).toBe('NOT_FOUND');
  });

  it('is found by its id and by the record, for the same', async () => {
    const { achievement, reward } = await rewarded();
    const { id } = reward;
    const of = [
      { __typename: 'Reward', id },
      { __typename: 'MissionRecord', id: achievement.recordId },
      { __typename: 'MissionRecord', id: uuidv7() },
      { __typename: 'Reward', id: 'x' },
    ];
    const entities = (actor: Actor) =>
      running.ask(
        'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Reward { id } ... on MissionRecord { reward { id } } } }',
        { of },
        actor,
      );
    expect((await entities(owner(achievement))).data).toEqual([{ id }, { reward: { id } }, { reward: null }, null]);
    for (const actor of [stranger, anonymous])
      expect((await entities(actor)).data).toEqual([null, { reward: null }, { reward: null }, null]);
  });

  it('is listed on its account, newest first, in pages', async () => {
    const accountId = uuidv7();
    const ids: string[] = [];
    for (let count = 0; count < 3; count++) ids.unshift((await rewarded(running.achievement(accountId))).reward.id);
    type Page = { edges: { node: { id: string }; cursor: string }[]; pageInfo: { hasNextPage: boolean } };
    const list = (args: object, actor: Actor = user(accountId, 'CUSTOMER')) =>
      running.ask<{ rewards: Page | null }[]>(
        `query ($of: [_Any!]!, $first: Int, $after: String) { _entities(representations: $of) {
          ... on Account { rewards(first: $first, after: $after) { edges { cursor node { id } } pageInfo { hasNextPage } } } } }`,
        { of: [{ __typename: 'Account', id: accountId }], ...args },
        actor,
      );
    const page = async (args: object, actor?: Actor) => (await list(args, actor)).data?.[0]?.rewards;
    const idsOf = async (args: object, actor?: Actor) => (await page(args, actor))?.edges.map(({ node }) => node.id);
    const first = await page({ first: 2 });
    expect(first?.edges.map(({ node }) => node.id)).toEqual(ids.slice(0, 2));
    expect(first?.pageInfo.hasNextPage).toBe(true);
    expect(await idsOf({ after: first?.edges[1]?.cursor })).toEqual(ids.slice(2));
    for (const actor of [manager, admin]) expect(await idsOf({}, actor)).toEqual(ids);
    for (const actor of [stranger, anonymous]) expect(await idsOf({}, actor)).toEqual([]);
    for (const wrong of [{ first: 0 }, { first: 101 }, { after: 'nonsense' }])
      expect((await list(wrong)).refusal).toMatchObject({ code: 'BAD_INPUT', field: Object.keys(wrong)[0] });
  });
});
