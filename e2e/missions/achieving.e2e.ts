import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TelegramServer, telegramServer } from '../../subgraphs/notifications/testing/telegram-server.ts';
import { deadLetters } from '../harness/broker.ts';
import { chainOf, eventOf, repeatEventOf } from '../harness/chain.ts';
import { expectEachMessageOnce, expectEachPageRowOnce } from '../harness/effects.ts';
import { balanceBecomes, COFFEE, pointsOf } from '../harness/gifts.ts';
import { expectTold, messagesOf, watchMessages } from '../harness/messages.ts';
import { expectEachMissionRewardedOnce, expectPointsToEqualGifts } from '../harness/mission-outcomes.ts';
import {
  achieve,
  createMission,
  MISSION,
  type MissionRecordChange,
  READ_RECORD,
  readWholeRecord,
  recordBecomes,
  recordsOf,
  refusalToAchieve,
  refusalToCreateMission,
  tryToAchieve,
  WATCH_RECORDS,
  watchRecords,
} from '../harness/missions.ts';
import { anonymous, demo, newCustomer, type Person } from '../harness/people.ts';
import { untilQuiet } from '../harness/quiet.ts';
import { PATIENT_EDGES, type System, startSystem } from '../harness/system.ts';
import { statusOf } from '../harness/textbooks.ts';
import { eventually, upTo } from '../harness/until.ts';
import { expectListsToPaginateAndFilter } from './lists.ts';
import { expectTelegram, TOKEN } from './telegram.ts';

let system: System;
let admin: Person;
let telegram: TelegramServer;

beforeAll(async () => {
  telegram = await telegramServer();
  system = await startSystem({ env: { ...PATIENT_EDGES, TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_URL: telegram.url } });
  admin = await demo(system, 'admin');
});
afterAll(async () => {
  await system?.stop();
  await telegram?.close();
});

const code = (is: string) => ({ extensions: { code: is } });
const someone = () => newCustomer(system, { card: null });
const ALL = ['ACHIEVED', 'REWARDED', 'MESSAGED'];

describe.concurrent('a customer who achieves a mission', () => {
  test('is rewarded, credited and told of it; the mission learns of both, in one chain through five contexts', async () => {
    const customer = await someone();
    const [changes, messages] = [await watchRecords(customer), await watchMessages(customer)];
    const record = await achieve(customer, MISSION.id);
    expect(record).toMatchObject({ status: 'ACHIEVED', title: MISSION.title, points: MISSION.points, mission: { id: MISSION.id } });
    await changes.are(statusOf, ALL);
    await balanceBecomes(customer, MISSION.points);
    await expectTold(messages, ['MISSION_REWARDED']);
    const [told] = messages.all;
    expect(told?.message).toMatchObject({
      about: { type: 'MISSION_RECORD', id: record.id },
      body: expect.stringContaining(MISSION.title),
    });
    const whole = await readWholeRecord(customer, record.id);
    expect(whole).toMatchObject({
      ...{ status: 'MESSAGED', rewardedAt: expect.any(String), messagedAt: expect.any(String), messageFailure: null },
      reward: { points: MISSION.points, title: MISSION.title },
      message: { template: 'MISSION_REWARDED', channel: 'IN_APP', status: 'SENT' },
    });

    const broker = await system.broker();
    const correlationId = (await eventOf(broker, 'missions', 'MissionAchieved', record.id)).header.get('ce-correlationid');
    const chain = await chainOf(broker, ['missions', 'rewards', 'wallets', 'notifications'], correlationId);
    const link = (context: string, name: string) => chain.find((one) => one.context === context && one.name === name);
    const after = (context: string, name: string, cause?: ReturnType<typeof link>) => [context, name, cause?.id ?? ''];
    const [achieved, granted, rewarded, sent] = [
      link('missions', 'MissionAchieved'),
      link('rewards', 'RewardGranted'),
      link('missions', 'MissionRewarded'),
      link('notifications', 'MessageSent'),
    ];
    expect(chain.map(({ context, name, causationId }) => [context, name, causationId])).toEqual([
      after('missions', 'MissionAchieved'),
      after('missions', 'MissionRewarded', granted),
      after('missions', 'MissionMessaged', sent),
      after('rewards', 'RewardGranted', achieved),
      after('wallets', 'WalletCredited', granted),
      after('notifications', 'MessageSent', rewarded),
    ]);
    expect(chain.map(({ data }) => data.accountId)).toEqual(chain.map(() => customer.accountId));
    expect(new Set(chain.map(({ traceId }) => traceId)).size, 'one trace').toBe(1);
    expect(chain[0]?.traceId).toMatch(/^[0-9a-f]{32}$/);
    const shown = await eventually(async () => {
      const pages = await chainOf(broker, ['my-pages'], correlationId);
      return pages.some(({ data }) => data.status === 'MESSAGED') && pages;
    });
    expect(new Set(shown.map(({ name, data }) => `${name} ${data.view} ${data.rowId}`))).toEqual(
      new Set([`MyPageChanged MISSION_RECORD ${record.id}`]),
    );
  });

  test('is rewarded for it once, however often they say so, and however often it is told', async () => {
    const [customer, mission] = [await someone(), await createMission(admin)];
    const answers = await Promise.all(upTo(20).map(() => tryToAchieve(customer, mission.id)));
    const [record] = answers.flatMap(({ data }) => data?.achieveMission ?? []);
    const refused = answers.flatMap(({ errors }) => errors ?? []);
    expect(refused.map(({ extensions }) => [extensions.code, extensions.recordId])).toEqual(
      Array(19).fill(['ALREADY_ACHIEVED', record?.id]),
    );
    const id = record?.id as string;
    const { rewardId } = (await eventually(async () => {
      await recordBecomes(customer, id, 'MESSAGED');
      return { rewardId: (await readWholeRecord(customer, id)).reward?.id };
    })) as { rewardId: string };

    const broker = await system.broker();
    await repeatEventOf(broker, 'missions', 'MissionAchieved', id);
    await repeatEventOf(broker, 'rewards', 'RewardGranted', rewardId);
    await untilQuiet(system);
    expect(await pointsOf(customer)).toEqual({ balance: mission.points, held: 0 });
    expect(await readWholeRecord(customer, id)).toMatchObject({ status: 'MESSAGED', reward: { id: rewardId } });
    expect((await messagesOf(customer)).map(({ template }) => template)).toEqual(['MISSION_REWARDED']);
    expect(await refusalToAchieve(customer, mission.id)).toMatchObject({ extensions: { code: 'ALREADY_ACHIEVED', recordId: id } });
  });

  test('who sends the same request twice has one record, with the points of the day', async () => {
    const [customer, mission, wish] = [await someone(), await createMission(admin, { points: 700 }), { idempotencyKey: 'the same' }];
    const [one, same] = await Promise.all([achieve(customer, mission.id, wish), achieve(customer, mission.id, wish)]);
    expect([same.id, (await achieve(customer, mission.id, wish)).id]).toEqual([one.id, one.id]);
    expect(await refusalToAchieve(customer, MISSION.id, wish)).toMatchObject(code('IDEMPOTENCY_CONFLICT'));
    expect(await refusalToAchieve(customer, one.id)).toMatchObject(code('NOT_FOUND'));
    await balanceBecomes(customer, 700);
    expect(await recordsOf(customer)).toMatchObject([{ id: one.id, points: 700 }]);
  });

  test('does not get at anybody else’s record or reward, by query or subscription; a manager and an admin do', async () => {
    const [owner, stranger] = [await someone(), await someone()];
    const heard = await watchRecords(stranger);
    const { id } = await achieve(owner, MISSION.id);
    await recordBecomes(owner, id, 'MESSAGED');
    const REWARD = 'query Reward($id: ID!) { reward(id: $id) { points record { id status } } }';
    const reward = { id: (await readWholeRecord(owner, id)).reward?.id };
    for (const who of [stranger, await demo(system, 'trainer')]) {
      expect(await who.refusal(READ_RECORD, { id })).toMatchObject(code('NOT_FOUND'));
      expect(await who.refusal(REWARD, reward)).toMatchObject(code('NOT_FOUND'));
      expect(await who.tryToWatch(WATCH_RECORDS, { id }).refusal()).toMatchObject(code('NOT_FOUND'));
      expect(await who.refusal('{ operationsMissionRecords { edges { node { id } } } }')).toMatchObject(code('FORBIDDEN'));
    }
    const nobody = anonymous(system);
    expect(await nobody.refusal(READ_RECORD, { id })).toMatchObject(code('UNAUTHENTICATED'));
    expect(await nobody.refusal(REWARD, reward)).toMatchObject(code('UNAUTHENTICATED'));
    for (const who of [owner, await demo(system, 'manager'), admin])
      expect(await who.data(REWARD, reward)).toEqual({ reward: { points: MISSION.points, record: { id, status: 'MESSAGED' } } });
    const own = await achieve(stranger, MISSION.id);
    const heardOf = ({ status, record }: MissionRecordChange) => [status, record.id];
    await heard.are(
      heardOf,
      ALL.map((status) => [status, own.id]),
    );
  });

  test('who was away meanwhile gets the changes with `after`, each once and in order', async () => {
    const customer = await someone();
    const before = await watchRecords(customer);
    const first = await achieve(customer, MISSION.id);
    const { cursor } = await before.one(({ status }) => status === 'ACHIEVED');
    await before.leave();
    await recordBecomes(customer, first.id, 'MESSAGED');
    const second = await achieve(customer, (await createMission(admin)).id);
    await recordBecomes(customer, second.id, 'MESSAGED');
    const [own, one] = [await watchRecords(customer, { after: cursor }), await watchRecords(customer, { id: first.id, after: cursor })];
    await own.are(statusOf, ['REWARDED', 'MESSAGED', ...ALL]);
    await one.are(statusOf, ['REWARDED', 'MESSAGED']);
  });

  test('and has linked a Telegram chat is told there; being blocked is recorded on the mission, and nothing is tried for ever', () =>
    expectTelegram(system, admin, telegram));
});

test('only an ADMIN creates missions and gift items; everybody sees them, the demo’s among them', async () => {
  const ITEM = 'mutation($input: RegisterGiftItemInput!) { registerGiftItem(input: $input) { id } }';
  const input = { title: '사탕', description: '달콤합니다.', points: 100 };
  for (const who of [await someone(), await demo(system, 'manager'), await demo(system, 'trainer')]) {
    expect(await refusalToCreateMission(who)).toMatchObject(code('FORBIDDEN'));
    expect(await who.refusal(ITEM, { input })).toMatchObject(code('FORBIDDEN'));
  }
  expect(await anonymous(system).refusal(ITEM, { input })).toMatchObject(code('UNAUTHENTICATED'));
  const wish = { title: '두 번 눌러도', points: 100, idempotencyKey: 'one mission' };
  expect((await createMission(admin, wish)).id).toBe((await createMission(admin, wish)).id);
  expect(await refusalToCreateMission(admin, { ...wish, points: 200 })).toMatchObject(code('IDEMPOTENCY_CONFLICT'));
  const CATALOGUE = `query($mission: ID!, $item: ID!) { mission(id: $mission) { title points active } giftItem(id: $item) { title points remaining } }`;
  expect(await anonymous(system).data(CATALOGUE, { mission: MISSION.id, item: COFFEE.id })).toEqual({
    mission: { title: MISSION.title, points: MISSION.points, active: true },
    giftItem: { title: COFFEE.title, points: COFFEE.points, remaining: null },
  });
});

test('every list of missions, records, rewards, wallets and gifts comes in pages and by status', () =>
  expectListsToPaginateAndFilter(system, admin, telegram));

test('afterwards each reward, credit, gift, row and message is there once, and points spent equal gifts issued', async () => {
  await untilQuiet(system);
  await expectEachMissionRewardedOnce(system);
  await expectPointsToEqualGifts(system);
  await expectEachPageRowOnce(system);
  await expectEachMessageOnce(system);
  expect(await deadLetters(await system.broker())).toBe(0);
});
