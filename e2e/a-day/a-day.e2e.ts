import { readFileSync } from 'node:fs';
import { buildSchema, type GraphQLObjectType, parse, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TelegramServer, telegramServer } from '../../subgraphs/notifications/testing/telegram-server.ts';
import { deadLetters } from '../harness/broker.ts';
import { cleaningOf, completeCleaning, confirm, PLAN, reservationBecomes, reserve } from '../harness/cleaning.ts';
import { CONTEXTS } from '../harness/databases.ts';
import { expectEachMessageOnce, expectEachPageRowOnce } from '../harness/effects.ts';
import { balanceBecomes, exchange, giftOf, useUp } from '../harness/gifts.ts';
import { giveBack, PRICE, purchase, register, rent } from '../harness/kickboards.ts';
import { expectLedgerToEqualPayments } from '../harness/ledger.ts';
import { expectEachMissionRewardedOnce, expectPointsToEqualGifts } from '../harness/mission-outcomes.ts';
import { achieve, recordBecomes } from '../harness/missions.ts';
import { CARD, demo, newCustomer, type Person } from '../harness/people.ts';
import { assignTrainer, confirmSchedule, orderPt, PT_CLASS, postResult, ptOrderBecomes, RESULT, scheduleOf } from '../harness/pt.ts';
import { untilQuiet } from '../harness/quiet.ts';
import { PATIENT_EDGES, type System, startSystem } from '../harness/system.ts';
import { apply, BOOK, becomes, complete } from '../harness/textbooks.ts';
import { linkChat, newChat, TOKEN } from '../missions/telegram.ts';
import { type Day, shownOf, THE_DAY } from './the-day.ts';

/** Missions of the demo's, over all services. */
const MISSIONS = {
  card: { id: '01900000-0000-7000-8000-0000000f0003', title: '결제수단 등록', points: 200 },
  textbook: { id: '01900000-0000-7000-8000-0000000f0001', title: '첫 교재 신청', points: 300 },
  cleaning: { id: '01900000-0000-7000-8000-0000000f0004', title: '첫 청소 예약', points: 800 },
  lesson: { id: '01900000-0000-7000-8000-0000000f0005', title: '첫 PT 수업', points: 1_000 },
  ride: { id: '01900000-0000-7000-8000-0000000f0007', title: '첫 대여', points: 500 },
  gift: { id: '01900000-0000-7000-8000-0000000f0010', title: '첫 기프트 사용', points: 400 },
} as const;
const TUMBLER = { id: '01900000-0000-7000-8000-000000090001', title: '마당 텀블러', points: 1_500, stock: 30 };

let system: System;
let telegram: TelegramServer;

beforeAll(async () => {
  telegram = await telegramServer();
  system = await startSystem({ env: { ...PATIENT_EDGES, TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_URL: telegram.url } });
});
afterAll(async () => {
  await system?.stop();
  await telegram?.close();
});

/** Missions are rewarded one after the other, so that the day has an order. */
async function achieved(customer: Person, mission: { readonly id: string }): Promise<void> {
  await recordBecomes(customer, (await achieve(customer, mission.id)).id, 'MESSAGED', 30_000);
}

async function liveADay(customer: Person): Promise<Day> {
  const [manager, trainer, admin] = [await demo(system, 'manager'), await demo(system, 'trainer'), await demo(system, 'admin')];
  const chatId = await linkChat(customer, newChat());
  await customer.registerCard(CARD.good);
  await achieved(customer, MISSIONS.card);

  const { id: applicationId } = await apply(customer);
  const { delivery } = await becomes(customer, applicationId, 'DELIVERING');
  await complete(manager, delivery?.id as string);
  await becomes(customer, applicationId, 'DELIVERED');
  await achieved(customer, MISSIONS.textbook);

  const { id: reservationId } = await reserve(customer);
  const cleaningId = await cleaningOf(customer, reservationId);
  await confirm(manager, cleaningId);
  await completeCleaning(manager, cleaningId);
  await reservationBecomes(customer, reservationId, 'DONE');
  await achieved(customer, MISSIONS.cleaning);

  const { id: orderId } = await orderPt(customer);
  await assignTrainer(manager, orderId, trainer.accountId);
  const scheduleId = await scheduleOf(customer, orderId);
  await confirmSchedule(trainer, scheduleId);
  await ptOrderBecomes(customer, orderId, 'CONFIRMED');
  await postResult(trainer, scheduleId);
  await ptOrderBecomes(customer, orderId, 'COMPLETED');
  await achieved(customer, MISSIONS.lesson);

  const [ticket, board] = [await purchase(customer), await register(admin)];
  const rental = await rent(customer, board.id, ticket.id);
  await giveBack(customer, rental.id);
  await achieved(customer, MISSIONS.ride);

  await balanceBecomes(customer, 2_800);
  const { id: exchangeId } = await exchange(customer, TUMBLER.id);
  await useUp(customer, (await giftOf(customer, exchangeId)).id);
  await achieved(customer, MISSIONS.gift);
  await balanceBecomes(customer, 1_700);

  const shown = ({ title, points }: { title: string; points: number }) => ({ title, points });
  return {
    ...{ account: { id: customer.accountId, chatId }, book: { title: BOOK.title, price: BOOK.price }, applicationId },
    ...{ plan: { name: PLAN.name, price: PLAN.price }, reservationId, ptClass: PT_CLASS.name, result: RESULT, orderId },
    ...{ ticket: { id: ticket.id, price: PRICE.ONE_HOUR }, serial: board.serial },
    ...{ missions: Object.values(MISSIONS).map(shown), gift: TUMBLER, exchangeId },
    inApp: [
      ...['PAYMENT_METHOD_REGISTERED', 'PAYMENT_APPROVED', 'TEXTBOOK_DELIVERY_STARTED', 'TEXTBOOK_DELIVERED'],
      ...['CLEANING_RESERVED', 'PAYMENT_APPROVED', 'CLEANING_CONFIRMED', 'CLEANING_DONE'],
      ...['PT_ORDER_CONFIRMED', 'PT_LESSON_RESULT_POSTED'],
      ...['TICKET_PURCHASED', 'PAYMENT_APPROVED', 'KICKBOARD_RENTED', 'KICKBOARD_RETURNED'],
    ],
    inTelegram: [...Object.values(MISSIONS).map(() => 'MISSION_REWARDED'), 'GIFT_EXCHANGED', 'GIFT_USED'],
  };
}

/** Fields of a type of the API, and those of them that the query selects. */
function fieldsOf(typeName: string): { there: string[]; selected: string[] } {
  const api = buildSchema(readFileSync(new URL('../../schema/api.graphql', import.meta.url), 'utf8'));
  const types = new TypeInfo(api);
  const selected = new Set<string>();
  const Field = ({ name }: { name: { value: string } }) => {
    if (types.getParentType()?.name === typeName) selected.add(name.value);
  };
  visit(parse(THE_DAY), visitWithTypeInfo(types, { Field }));
  const { getFields } = api.getType(typeName) as GraphQLObjectType;
  return { there: Object.keys(getFields.call(api.getType(typeName))).toSorted(), selected: [...selected].toSorted() };
}

const asked = async () =>
  Object.fromEntries(
    await Promise.all(
      CONTEXTS.map(async (context) => [context, await system.metrics.sum(context, 'madang_graphql_seconds_count')] as const),
    ),
  );

type Shown = {
  messages: { edges: { node: { template: string; channel: string; status: string } }[] };
  wallet: { entries: { edges: { node: object }[] } };
};

test('one customer lives a day through all five services in one account, and one query shows it all', async () => {
  for (const type of ['Account', 'MyPage']) {
    const { there, selected } = fieldsOf(type);
    expect(selected, `the query has all of ${type}`).toEqual(there);
  }
  const customer = await newCustomer(system, { card: null });
  const day = await liveADay(customer);
  await untilQuiet(system, 60_000);

  const before = await asked();
  const { me } = await customer.data<{ me: Shown }>(THE_DAY);
  const after = await asked();
  expect(
    CONTEXTS.filter((context) => (after[context] ?? 0) <= (before[context] ?? 0)),
    'contexts that had nothing to say',
  ).toEqual([]);
  expect(CONTEXTS).toHaveLength(18);

  expect(me).toEqual(shownOf(day, '박강사'));
  const told = me.messages.edges.map(({ node }) => node);
  const toldBy = (channel: string) =>
    told
      .filter((message) => message.channel === channel)
      .map(({ template }) => template)
      .toSorted();
  expect(toldBy('IN_APP')).toEqual(day.inApp.toSorted());
  expect(toldBy('TELEGRAM')).toEqual(day.inTelegram.toSorted());
  expect(new Set(told.map(({ status }) => status))).toEqual(new Set(['SENT']));
  const texts = telegram.arrived(day.account.chatId).map(({ text }) => text);
  expect(texts).toHaveLength(day.inTelegram.length);
  for (const { title } of [...day.missions, day.gift]) expect(texts.join('\n')).toContain(title);
  const credit = ({ title, points }: { title: string; points: number }, balance: number) => ({
    ...{ kind: 'CREDIT', change: points, balance, title, reward: { points }, exchange: null },
  });
  const spent = { title: TUMBLER.title, balance: 1_300, reward: null, exchange: { gift: { status: 'USED' } } };
  expect(me.wallet.entries.edges.map(({ node }) => node)).toEqual([
    credit(MISSIONS.gift, 1_700),
    { kind: 'CAPTURE', change: 0, ...spent },
    { kind: 'HOLD', change: -1_500, ...spent },
    credit(MISSIONS.ride, 2_800),
    credit(MISSIONS.lesson, 2_300),
    credit(MISSIONS.cleaning, 1_300),
    credit(MISSIONS.textbook, 500),
    credit(MISSIONS.card, 200),
  ]);

  await expectLedgerToEqualPayments(system);
  await expectEachMissionRewardedOnce(system);
  await expectPointsToEqualGifts(system);
  await expectEachPageRowOnce(system);
  await expectEachMessageOnce(system);
  expect(await deadLetters(await system.broker())).toBe(0);
});
