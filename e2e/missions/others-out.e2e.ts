import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deadLetters } from '../harness/broker.ts';
import { expectEachMessageOnce, expectEachPageRowOnce } from '../harness/effects.ts';
import {
  balanceBecomes,
  COFFEE,
  earn,
  exchange,
  exchangePatiently,
  exchangesOf,
  giftOf,
  giftsOf,
  pointsOf,
  refusalToExchange,
  tryToExchange,
  useUp,
} from '../harness/gifts.ts';
import { messagesOf } from '../harness/messages.ts';
import { expectEachMissionRewardedOnce, expectPointsToEqualGifts } from '../harness/mission-outcomes.ts';
import { achieve, createMission, MISSION, readRecord, readWholeRecord, recordBecomes, refusalToAchieve } from '../harness/missions.ts';
import { expectToPaginateAndFilter } from '../harness/pages.ts';
import { demo, newCustomer, type Person } from '../harness/people.ts';
import { untilQuiet } from '../harness/quiet.ts';
import { type System, startSystem } from '../harness/system.ts';
import { eventually, sideBySide, timed, upTo } from '../harness/until.ts';
import { linkChat, newChat } from './telegram.ts';

/** What is asked of others is answered, or given up, within a second; what else this machine is doing is not promised about. */
const ABOUT_A_SECOND = 1_500;
/** Room for one call and no queue; time-outs that tell an open breaker and a full bulkhead from a call that hangs. */
const ENV = {
  ...{ WALLETS_TO_GIFTS_BULKHEAD: '1', WALLETS_TO_GIFTS_QUEUE: '0', WALLETS_TO_GIFTS_BREAKER_OPEN_MS: '1000' },
  ...{ WALLETS_TO_GIFTS_TRY_TIMEOUT_MS: '3000', WALLETS_TO_GIFTS_TIMEOUT_MS: '3500', GIFTS_TO_NOTIFICATIONS_BREAKER_OPEN_MS: '1000' },
};

let system: System;
let admin: Person;

beforeAll(async () => {
  system = await startSystem({ processes: ['gifts', 'notifications', 'rewards', 'wallets'], env: ENV });
  admin = await demo(system, 'admin');
});
afterAll(() => system?.stop());

const TRY_AGAIN = { extensions: { code: 'TRY_AGAIN_LATER', retryAfterSeconds: expect.any(Number) } };
const someone = () => newCustomer(system, { card: null });

/** Customers with so many points each. */
const rich = (count: number, points: number) =>
  sideBySide(upTo(count), 4, async () => {
    const customer = await someone();
    await earn(customer, admin, points);
    return customer;
  });
const mine = async (points: number) => (await rich(1, points))[0] as Person;
const templatesOf = async (person: Person) => (await messagesOf(person)).map(({ template }) => template);

test('without a bot’s token what would go to Telegram stays in the app, and the log says so once', async () => {
  const customer = await someone();
  await linkChat(customer, newChat());
  const { id } = await achieve(customer, MISSION.id);
  await recordBecomes(customer, id, 'MESSAGED');
  expect((await readWholeRecord(customer, id)).message).toMatchObject({ channel: 'IN_APP', status: 'SENT' });
  expect(await templatesOf(customer)).toEqual(['MISSION_REWARDED']);
  const said = readFileSync(system.madang.logOf('notifications'), 'utf8').match(/TELEGRAM_BOT_TOKEN is not set/g);
  expect(said).toHaveLength(1);
});

describe('exchanging points', () => {
  test('with room for one call and no queue one passes; those at the same time are refused at once, and no points are gone', async () => {
    const customers = await rich(8, 300);
    await system.madang.kill('gifts', 'SIGSTOP');
    const refused: unknown[] = [];
    const answers = Promise.all(
      customers.map(async (customer) => {
        const { result, ms } = await timed(() => tryToExchange(customer, COFFEE.id));
        if (result.errors) refused.push({ error: result.errors[0], inTime: ms < ABOUT_A_SECOND });
        return result.data?.exchangeGift.status;
      }),
    );
    await eventually(() => refused.length === 7).finally(() => system.madang.kill('gifts', 'SIGCONT'));
    expect(refused).toEqual(Array(7).fill({ error: expect.objectContaining(TRY_AGAIN), inTime: true }));
    const statuses = await answers;
    expect(statuses.filter(Boolean)).toEqual(['CAPTURED']);
    for (const [index, customer] of customers.entries())
      expect(await pointsOf(customer)).toEqual({ balance: statuses[index] ? 0 : 300, held: 0 });
    expect(
      await system.databases.count('gifts', 'SELECT count(*) FROM "Gift" WHERE "accountId" = ANY($1)', [
        customers.map(({ accountId }) => accountId),
      ]),
    ).toBe(1);
    const again = customers.find((_, index) => !statuses[index]) as Person;
    expect((await exchangePatiently(again, COFFEE.id)).status).toBe('CAPTURED');
  });

  test('while gifts are stopped is refused, and no points are gone; the same request has its gift afterwards', async () => {
    const [customer, wish] = [await mine(300), { idempotencyKey: 'when gifts are back' }];
    await system.madang.halt('gifts');
    for (const _ of upTo(6)) {
      const { result, ms } = await timed(() => refusalToExchange(customer, COFFEE.id, wish));
      expect(result).toMatchObject(TRY_AGAIN);
      expect(ms).toBeLessThan(ABOUT_A_SECOND);
      expect(await pointsOf(customer)).toEqual({ balance: 300, held: 0 });
    }
    const { data } = await customer.ask(
      '{ me { wallet { balance } gifts { edges { node { id } } } myPage { gifts { edges { node { id } } } } } }',
    );
    expect(data).toEqual({ me: { wallet: { balance: 300 }, gifts: null, myPage: { gifts: { edges: [] } } } });
    await system.madang.restart('gifts');
    const { id } = await exchangePatiently(customer, COFFEE.id, wish);
    expect((await giftOf(customer, id)).status).toBe('ACTIVE');
    expect([await pointsOf(customer), (await giftsOf(customer)).length]).toEqual([{ balance: 0, held: 0 }, 1]);
  });

  test('while gifts are slower than the time-out is refused; the points are kept until it is certain that there is no gift, and come back once', async () => {
    const [customer, wish] = [await mine(600), { idempotencyKey: 'slow' }];
    await exchangePatiently(customer, COFFEE.id);
    await system.madang.kill('gifts', 'SIGSTOP');
    try {
      expect(await refusalToExchange(customer, COFFEE.id, wish)).toMatchObject(TRY_AGAIN);
      expect(await pointsOf(customer)).toEqual({ balance: 0, held: 300 });
      await expectToPaginateAndFilter(customer, { at: 'me wallet exchanges', statuses: ['RELEASING', 'CAPTURED'] });
    } finally {
      await system.madang.kill('gifts', 'SIGCONT');
    }
    await balanceBecomes(customer, 300);
    expect(await exchangesOf(customer)).toMatchObject([{ status: 'RELEASED', reason: 'UNAVAILABLE' }, { status: 'CAPTURED' }]);
    await untilQuiet(system);
    await expectPointsToEqualGifts(system);
    expect(await giftsOf(customer)).toHaveLength(1);
    await exchangePatiently(customer, COFFEE.id, wish);
    await untilQuiet(system);
    expect([await pointsOf(customer), (await giftsOf(customer)).length]).toEqual([{ balance: 0, held: 0 }, 2]);
  });
});

describe('using a gift', () => {
  test.each([
    ['stopped', () => system.madang.halt('notifications'), () => system.madang.restart('notifications')],
    ['hanging', () => system.madang.kill('notifications', 'SIGSTOP'), () => system.madang.kill('notifications', 'SIGCONT')],
  ])('while notifications are %s works all the same; the message follows, once', async (_, stop, goOn) => {
    const customer = await mine(300);
    await untilQuiet(system);
    const gift = await giftOf(customer, (await exchange(customer, COFFEE.id)).id);
    await untilQuiet(system);
    await stop();
    try {
      const { result, ms } = await timed(() => useUp(customer, gift.id));
      expect(result.status).toBe('USED');
      expect(ms).toBeLessThan(ABOUT_A_SECOND);
      expect(await giftsOf(customer)).toEqual([result]);
    } finally {
      await goOn();
    }
    await untilQuiet(system);
    expect(await templatesOf(customer)).toEqual(['GIFT_USED', 'GIFT_EXCHANGED', 'MISSION_REWARDED']);
  });
});

describe('achieving a mission', () => {
  test('while notifications are stopped is rewarded and credited as ever; the customer is told afterwards, and the mission learns of it', async () => {
    const customer = await someone();
    await system.madang.halt('notifications');
    const { id } = await achieve(customer, MISSION.id);
    await recordBecomes(customer, id, 'REWARDED');
    await balanceBecomes(customer, MISSION.points);
    await exchange(customer, COFFEE.id);
    await system.madang.restart('notifications');
    await recordBecomes(customer, id, 'MESSAGED', 30_000);
    await untilQuiet(system);
    expect((await templatesOf(customer)).toSorted()).toEqual(['GIFT_EXCHANGED', 'MISSION_REWARDED']);
  });

  test('while rewards and wallets are stopped is kept; reward and points follow, once', async () => {
    const customer = await someone();
    const told = await achieve(customer, (await createMission(admin, { points: 100 })).id);
    await recordBecomes(customer, told.id, 'MESSAGED');
    await untilQuiet(system);
    for (const name of ['rewards', 'wallets']) await system.madang.halt(name);
    const { id } = await achieve(customer, MISSION.id);
    expect(await refusalToAchieve(customer, MISSION.id)).toMatchObject({ extensions: { code: 'ALREADY_ACHIEVED', recordId: id } });
    expect(await readRecord(customer, id)).toMatchObject({ status: 'ACHIEVED', rewardedAt: null });
    for (const at of ['me missionRecords', 'myPage missionRecords'])
      await eventually(() => expectToPaginateAndFilter(customer, { at, statuses: ['ACHIEVED', 'MESSAGED'] }));
    const { data } = await customer.ask(
      '{ me { wallet { balance } rewards { edges { node { id } } } missionRecords { edges { node { status } } } } }',
    );
    const records = ['ACHIEVED', 'MESSAGED'].map((status) => ({ node: { status } }));
    expect(data).toEqual({ me: { wallet: null, rewards: null, missionRecords: { edges: records } } });

    await system.madang.restart('rewards');
    await recordBecomes(customer, id, 'MESSAGED', 30_000);
    await system.madang.restart('wallets');
    await balanceBecomes(customer, 100 + MISSION.points, 30_000);
  });
});

test('afterwards each reward, credit, gift, row and message is there once, and points spent equal gifts issued', async () => {
  await untilQuiet(system);
  await expectEachMissionRewardedOnce(system);
  await expectPointsToEqualGifts(system);
  await expectEachPageRowOnce(system);
  await expectEachMessageOnce(system);
  expect(await deadLetters(await system.broker())).toBe(0);
});
