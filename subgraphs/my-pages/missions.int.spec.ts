import { user } from '@madang/kernel/domain';
import { eventually } from '@madang/kernel/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { giftsView } from './read-models/gifts.ts';
import { missionRecordsView } from './read-models/mission-records.ts';
import { type Happening, heard, retold } from './testing/happenings.ts';
import { type RunningMyPages, runningMyPages } from './testing/running-my-pages.ts';
import { GIFT_STORIES } from './testing/stories/gifts.ts';
import { MISSION_STORIES } from './testing/stories/missions.ts';

let running: RunningMyPages;
beforeAll(async () => {
  running = await runningMyPages();
});
afterAll(() => running.close());

let numbers = 0;
const customer = () => user(`01900000-0000-7000-8000-${(++numbers).toString(16).padStart(12, '0')}`, 'CUSTOMER');
const manager = user('01900000-0000-7000-8000-0000000000fe', 'CUSTOMER', 'MANAGER');
const achieved = (account: { accountId: string }, story: string) => retold(MISSION_STORIES[story] ?? [], ++numbers, account.accountId);
const exchanged = (account: { accountId: string }, story: string) => retold(GIFT_STORIES[story] ?? [], ++numbers, account.accountId);
const told = (happenings: readonly Happening[], name: string) =>
  ({ ...happenings.find(({ definition }) => definition.eventName === name)?.data }) as Record<string, unknown>;
const idOf = ([happening]: readonly Happening[]): string => {
  const { recordId, exchangeId } = { recordId: undefined, exchangeId: undefined, ...happening?.data };
  return String(recordId ?? exchangeId);
};

const RECORD = `{ __typename id record { __typename id } account { id } mission { __typename id } title points status reward { __typename id } message { __typename id }
  messageChannel messageFailure { reason at } achievedAt rewardedAt messagedAt updatedAt }`;
const GIFT = `{ __typename id exchange { __typename id } gift { __typename id } item { __typename id } account { id } title points status activatedAt usedAt updatedAt }`;
const QUERY = {
  missionRecords: (of: string) => `query ($first: Int, $after: String, $status: MyPageMissionRecordStatus) { ${of} {
    missionRecords(first: $first, after: $after, status: $status) { edges { cursor node ${RECORD} } } } }`,
  gifts: (of: string) => `query ($first: Int, $after: String, $status: MyPageGiftStatus) { ${of} {
    gifts(first: $first, after: $after, status: $status) { edges { cursor node ${GIFT} } } } }`,
};
type List = keyof typeof QUERY;
type Edge = { cursor: string; node: { id: string } };
const edges = async (list: List, actor: ReturnType<typeof user>, args: object = {}, of = 'myPage') =>
  (await running.ask(QUERY[list](of), args, actor)).data[of][list].edges as Edge[];
const nodes = async (...asked: Parameters<typeof edges>) => (await edges(...asked)).map(({ node }) => node);
const ids = async (...asked: Parameters<typeof edges>) => (await nodes(...asked)).map(({ id }) => id);

describe('the page of a customer', () => {
  it('shows an achieved mission with its reward and the message that told of it', async () => {
    const me = customer();
    const happenings = achieved(me, 'rewarded, and told of');
    const at = (name: string) => told(happenings, name);
    await running.publishAll(happenings, 2);
    await eventually(async () =>
      expect(await nodes('missionRecords', me)).toEqual([
        {
          __typename: 'MyPageMissionRecord',
          id: idOf(happenings),
          record: { __typename: 'MissionRecord', id: idOf(happenings) },
          account: { id: me.accountId },
          mission: { __typename: 'Mission', id: at('MissionAchieved').missionId },
          title: at('MissionAchieved').title,
          points: 500,
          status: 'MESSAGED',
          reward: { __typename: 'Reward', id: at('RewardGranted').rewardId },
          message: { __typename: 'Message', id: at('MissionMessaged').messageId },
          messageChannel: 'TELEGRAM',
          messageFailure: null,
          achievedAt: at('MissionAchieved').at,
          rewardedAt: at('MissionRewarded').at,
          messagedAt: at('MissionMessaged').at,
          updatedAt: at('MissionMessaged').at,
        },
      ]),
    );
  });

  it('shows why a customer could not be told of a reward, and its missions in pages and by status', async () => {
    const me = customer();
    const [failed, open] = [achieved(me, 'rewarded, and could not be told of'), achieved(me, 'only achieved')];
    await running.publishAll([...failed, ...open]);
    await eventually(async () =>
      expect(await nodes('missionRecords', me, { status: 'REWARDED' })).toMatchObject([
        { id: idOf(failed), messageFailure: { reason: 'the chat was not found', at: failed.at(-1)?.data.at }, messagedAt: null },
      ]),
    );
    await eventually(async () => expect(await ids('missionRecords', me)).toEqual([idOf(open), idOf(failed)]));
    const [first] = await edges('missionRecords', me, { first: 1 });
    expect(await ids('missionRecords', me, { after: first?.cursor })).toEqual([idOf(failed)]);
    expect(await ids('missionRecords', manager, { first: 2 }, 'operationsPage')).toEqual([idOf(open), idOf(failed)]);
  });

  it('shows the gifts that can be used or were, and no others', async () => {
    const me = customer();
    const all = ['exchanged for', 'used', 'issued, and voided', 'voided before it was issued'].map((story) => exchanged(me, story));
    const [active = [], used = []] = all;
    await running.publishAll(all.flat(), 2);
    await eventually(async () => expect(await running.rowsOf(giftsView, all.map(idOf))).toMatchObject(all.map(() => ({ version: 0 }))));
    await eventually(async () => expect(await ids('gifts', me)).toEqual([idOf(used), idOf(active)]));
    await eventually(async () => expect(await ids('gifts', me, { status: 'ACTIVE' })).toEqual([idOf(active)]));
    await eventually(async () =>
      expect(await nodes('gifts', me, { status: 'USED' })).toEqual([
        {
          __typename: 'MyPageGift',
          id: idOf(used),
          exchange: { __typename: 'GiftExchange', id: idOf(used) },
          gift: { __typename: 'Gift', id: told(used, 'GiftUsed').giftId },
          item: { __typename: 'GiftItem', id: told(used, 'GiftUsed').giftItemId },
          account: { id: me.accountId },
          title: told(used, 'GiftUsed').title,
          points: 300,
          status: 'USED',
          activatedAt: told(used, 'GiftActivated').at,
          usedAt: told(used, 'GiftUsed').at,
          updatedAt: told(used, 'GiftUsed').at,
        },
      ]),
    );
    expect(await ids('gifts', manager, { first: 2 }, 'operationsPage')).toEqual([idOf(used), idOf(active)]);
    expect((await running.ask(QUERY.gifts('operationsPage'), {}, me)).refusal?.code).toBe('FORBIDDEN');
    const changes = (await running.told()).filter(({ view, accountId }) => view === 'GIFT' && accountId === me.accountId);
    expect(new Set(changes.map(({ rowId, status }) => `${rowId} ${status}`))).toEqual(
      new Set([`${idOf(active)} ACTIVE`, `${idOf(used)} ACTIVE`, `${idOf(used)} USED`]),
    );
  });
});

describe('many events of three streams at once', () => {
  it('come to the rows that they tell of, on two replicas', async () => {
    await running.replica();
    const me = customer();
    const times = Array.from({ length: 8 });
    const records = Object.keys(MISSION_STORIES).flatMap((story) => times.map(() => achieved(me, story)));
    const gifts = Object.keys(GIFT_STORIES).flatMap((story) => times.map(() => exchanged(me, story)));
    await running.publishAll([...records, ...gifts].flat(), 2);
    const rows = async () => [
      await running.rowsOf(missionRecordsView, records.map(idOf)),
      await running.rowsOf(giftsView, gifts.map(idOf)),
    ];
    const expected = [
      records.map((happenings) => heard(missionRecordsView, happenings).row),
      gifts.map((happenings) => heard(giftsView, happenings).row),
    ];
    await eventually(async () => expect(await rows()).toEqual(expected), { withinMs: 20_000, everyMs: 100 });
  });
});
