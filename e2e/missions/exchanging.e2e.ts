import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deadLetters } from '../harness/broker.ts';
import { expectEachMessageOnce, expectEachPageRowOnce } from '../harness/effects.ts';
import {
  balanceBecomes,
  COFFEE,
  earn,
  exchange,
  exchangesOf,
  giftOf,
  giftsOf,
  pointsOf,
  READ_EXCHANGE,
  READ_GIFT,
  refusalToExchange,
  refusalToUse,
  registerItem,
  tryToExchange,
  useUp,
} from '../harness/gifts.ts';
import { expectTold, hasBeenTold, messagesOf, watchMessages } from '../harness/messages.ts';
import { expectEachMissionRewardedOnce, expectPointsToEqualGifts } from '../harness/mission-outcomes.ts';
import { anonymous, demo, newCustomer, type Person } from '../harness/people.ts';
import { untilQuiet } from '../harness/quiet.ts';
import { type System, startSystem } from '../harness/system.ts';
import { eventually, upTo } from '../harness/until.ts';
import { expectNoExchangeTooMany, killInTheMiddle, type Savers, saversOf } from './exchange-round.ts';

/** Patient, as time-outs are not the subject; but what a killed process leaves behind is to be decided soon. */
const ENV = {
  ...{ WALLETS_TO_GIFTS_TRY_TIMEOUT_MS: '3000', WALLETS_TO_GIFTS_TIMEOUT_MS: '4000', WALLETS_TO_GIFTS_BREAKER_OPEN_MS: '500' },
  ...{ GIFTS_TO_NOTIFICATIONS_TRY_TIMEOUT_MS: '5000', GIFTS_TO_NOTIFICATIONS_TIMEOUT_MS: '10000', GIFTS_MESSAGE_LEASE_MS: '15000' },
};

let system: System;
let admin: Person;
let savers: Savers;

beforeAll(async () => {
  system = await startSystem({ processes: ['gifts', 'wallets'], env: ENV });
  admin = await demo(system, 'admin');
});
afterAll(() => system?.stop());

const code = (is: string) => ({ extensions: { code: is } });
const someone = () => newCustomer(system, { card: null });
const codesOf = (answers: readonly { errors?: readonly { extensions: { code: string } }[] }[]) =>
  answers.flatMap(({ errors }) => errors ?? []).map(({ extensions }) => extensions.code);

describe.concurrent('a customer with points', () => {
  test('exchanges them for a gift and uses it, and is told of each step; of the use before it is answered', async () => {
    const customer = await someone();
    await earn(customer, admin, 500);
    // What the mission is told by may come later than its points.
    await hasBeenTold(customer, ['MISSION_REWARDED']);
    const messages = await watchMessages(customer);
    const exchanged = await exchange(customer, COFFEE.id);
    expect(exchanged).toMatchObject({ status: 'CAPTURED', title: COFFEE.title, points: COFFEE.points, reason: null });
    expect(await pointsOf(customer)).toEqual({ balance: 200, held: 0 });
    const gift = await giftOf(customer, exchanged.id);
    expect(gift).toMatchObject({ status: 'ACTIVE', title: COFFEE.title, points: COFFEE.points, usedAt: null });
    await expectTold(messages, ['GIFT_EXCHANGED']);

    const used = await useUp(customer, gift.id);
    const [told] = await messagesOf(customer);
    expect(told).toMatchObject({
      ...{ template: 'GIFT_USED', about: { type: 'GIFT', id: gift.id } },
      body: expect.stringContaining(COFFEE.title),
    });
    expect(used).toMatchObject({ id: gift.id, status: 'USED', usedAt: expect.any(String) });
    expect(await useUp(customer, gift.id)).toEqual(used);
    await expectTold(messages, ['GIFT_EXCHANGED', 'GIFT_USED']);
    expect(await giftsOf(customer)).toEqual([used]);
  });

  test('is told why not: too few, sold out, none such; then no points are gone, and the key is free', async () => {
    const customer = await someone();
    await earn(customer, admin, 100);
    const wish = { idempotencyKey: 'when there is enough' };
    expect(await refusalToExchange(customer, COFFEE.id, wish)).toMatchObject({
      extensions: { code: 'NOT_ENOUGH_POINTS', balance: 100, points: COFFEE.points },
    });
    expect(await refusalToExchange(customer, customer.accountId)).toMatchObject(code('NOT_FOUND'));
    expect([await pointsOf(customer), await exchangesOf(customer)]).toEqual([{ balance: 100, held: 0 }, []]);
    await earn(customer, admin, 1_000);
    const [one, same] = await Promise.all([exchange(customer, COFFEE.id, wish), exchange(customer, COFFEE.id, wish)]);
    expect([same.id, (await exchange(customer, COFFEE.id, wish)).id]).toEqual([one.id, one.id]);
    const rare = await registerItem(admin, { points: 100, stock: 1 });
    expect(await refusalToExchange(customer, rare.id, wish)).toMatchObject(code('IDEMPOTENCY_CONFLICT'));
    await exchange(customer, rare.id);
    expect(await refusalToExchange(customer, rare.id)).toMatchObject(code('SOLD_OUT'));
    expect(await pointsOf(customer)).toEqual({ balance: 700, held: 0 });
    const [refused] = await exchangesOf(customer);
    expect(refused).toMatchObject({ status: 'RELEASED', reason: 'SOLD_OUT' });
    expect(await giftsOf(customer)).toHaveLength(2);
  });

  test('who exchanges fifty times at once has as many gifts as the points are good for', async () => {
    const customer = await someone();
    await earn(customer, admin, 3 * COFFEE.points + 100);
    const answers = await Promise.all(upTo(50).map(() => tryToExchange(customer, COFFEE.id)));
    expect(codesOf(answers)).toEqual(Array(47).fill('NOT_ENOUGH_POINTS'));
    await balanceBecomes(customer, 100);
    await eventually(async () => expect(await giftsOf(customer)).toHaveLength(3));
  });

  test('ten of whom want the last three of an item: three have it, the others their points back', async () => {
    const [customers, item] = [await Promise.all(upTo(10).map(someone)), await registerItem(admin, { points: 300, stock: 3 })];
    await Promise.all(customers.map((customer) => earn(customer, admin, 300)));
    const answers = await Promise.all(customers.map((customer) => tryToExchange(customer, item.id)));
    expect(codesOf(answers)).toEqual(Array(7).fill('SOLD_OUT'));
    const left = await Promise.all(customers.map(async (customer) => (await pointsOf(customer)).balance));
    expect(left).toEqual(answers.map(({ data }) => (data ? 0 : 300)));
    expect(await anonymous(system).data('query($id: ID!) { giftItem(id: $id) { remaining } }', item)).toEqual({
      giftItem: { remaining: 0 },
    });
  });

  test('has everything on one page, in one query, and comes from each thing to all others', async () => {
    const customer = await someone();
    const recordId = await earn(customer, admin, 500);
    const { id } = await exchange(customer, COFFEE.id);
    const gift = await giftOf(customer, id);
    const account = { displayName: '김이투' };
    const RECORD =
      'id status account { displayName } mission { points } reward { points mission { points } record { status } } message { template }';
    const GIFT = `id status account { displayName } item { title remaining } exchange { id status points giftItem { title points } wallet { balance } }`;
    const PAGE = `{ me {
      missionRecords { edges { node { ${RECORD} } } }
      rewards { edges { node { points record { id } } } }
      wallet { balance held account { displayName } entries { edges { node { kind change reward { record { id } } exchange { gift { ${GIFT} } } } } } }
      gifts { edges { node { ${GIFT} } } }
      myPage {
        missionRecords { edges { node { id status points record { ${RECORD} } reward { points } message { template } messageChannel } } }
        gifts { edges { node { id status title points gift { ${GIFT} } item { title } exchange { status } } } }
      }
    } }`;
    const record = {
      ...{ id: recordId, status: 'MESSAGED', account, mission: { points: 500 }, message: { template: 'MISSION_REWARDED' } },
      reward: { points: 500, mission: { points: 500 }, record: { status: 'MESSAGED' } },
    };
    const reached = {
      ...{ id: gift.id, status: 'ACTIVE', account, item: { title: COFFEE.title, remaining: null } },
      exchange: {
        ...{ id, status: 'CAPTURED', points: 300, giftItem: { title: COFFEE.title, points: 300 }, wallet: { balance: 200 } },
      },
    };
    const booked = (kind: string, change: number) => ({ node: { kind, change, reward: null, exchange: { gift: reached } } });
    const shown = { title: COFFEE.title, points: 300, gift: reached, item: { title: COFFEE.title }, exchange: { status: 'CAPTURED' } };
    await eventually(async () =>
      expect(await customer.data(PAGE)).toEqual({
        me: {
          missionRecords: { edges: [{ node: record }] },
          rewards: { edges: [{ node: { points: 500, record: { id: recordId } } }] },
          wallet: {
            ...{ balance: 200, held: 0, account },
            entries: {
              edges: [
                booked('CAPTURE', 0),
                booked('HOLD', -300),
                { node: { kind: 'CREDIT', change: 500, reward: { record: { id: recordId } }, exchange: null } },
              ],
            },
          },
          gifts: { edges: [{ node: reached }] },
          myPage: {
            missionRecords: {
              edges: [
                {
                  node: {
                    ...{ id: recordId, status: 'MESSAGED', points: 500, record, reward: { points: 500 } },
                    ...{ message: { template: 'MISSION_REWARDED' }, messageChannel: 'IN_APP' },
                  },
                },
              ],
            },
            gifts: { edges: [{ node: { id, status: 'ACTIVE', ...shown } }] },
          },
        },
      }),
    );
  });

  test('does not get at anybody else’s exchange or gift, and uses none of theirs; a manager and an admin see them', async () => {
    const [owner, stranger] = [await someone(), await someone()];
    await earn(owner, admin, 300);
    const { id } = await exchange(owner, COFFEE.id);
    const gift = await giftOf(owner, id);
    for (const who of [stranger, await demo(system, 'trainer')]) {
      expect(await who.refusal(READ_EXCHANGE, { id })).toMatchObject(code('NOT_FOUND'));
      expect(await who.refusal(READ_GIFT, gift)).toMatchObject(code('NOT_FOUND'));
      expect(await refusalToUse(who, gift.id)).toMatchObject(code('NOT_FOUND'));
      expect(await who.refusal('{ operationsGifts { edges { node { id } } } }')).toMatchObject(code('FORBIDDEN'));
    }
    const nobody = anonymous(system);
    for (const [query, variables] of [
      [READ_EXCHANGE, { id }],
      [READ_GIFT, gift],
    ] as const)
      expect(await nobody.refusal(query, variables)).toMatchObject(code('UNAUTHENTICATED'));
    const ACROSS = 'query($id: ID!) { gift(id: $id) { status exchange { id wallet { balance } } } }';
    for (const who of [owner, await demo(system, 'manager'), admin])
      expect(await who.data(ACROSS, gift)).toEqual({ gift: { status: 'ACTIVE', exchange: { id, wallet: { balance: 0 } } } });
    for (const who of [await demo(system, 'manager'), admin]) expect(await refusalToUse(who, gift.id)).toMatchObject(code('NOT_FOUND'));
    expect(await stranger.data('{ me { wallet { balance exchanges { edges { node { id } } } } } }')).toEqual({
      me: { wallet: { balance: 0, exchanges: { edges: [] } } },
    });
  });
});

describe('kill -9 at any point of two hundred exchanges', () => {
  beforeAll(async () => {
    savers = await saversOf(system, admin);
  });

  test.for(['wallets', 'gifts'])(
    'of %s, then of both: points spent equal gifts issued, and no balance is ever below zero or not the sum of its ledger',
    (name) => killInTheMiddle(savers, [[name], [name], ['wallets', 'gifts']]),
  );
});

test('afterwards each reward, credit, gift, row and message is there once', async () => {
  await untilQuiet(system);
  await expectNoExchangeTooMany(savers);
  await expectEachMissionRewardedOnce(system);
  await expectPointsToEqualGifts(system);
  await expectEachPageRowOnce(system);
  await expectEachMessageOnce(system);
  expect(await deadLetters(await system.broker())).toBe(0);
});
