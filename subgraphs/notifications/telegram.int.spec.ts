import * as gifts from '@madang/gifts/events';
import { service, user } from '@madang/kernel/domain';
import { createLogger } from '@madang/kernel/observability';
import { eventually } from '@madang/kernel/testing';
import { MissionRewarded } from '@madang/missions/events';
import { PaymentApproved } from '@madang/payments/events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { READ, type RunningNotifications, runningNotifications, SEND } from './testing/running-notifications.ts';
import { says, type TelegramServer, telegramServer } from './testing/telegram-server.ts';

const SECRET = 'telegram-secret-of-the-test';
const patient = { withinMs: 20_000 };

let log = '';
let telegram: TelegramServer;
let running: RunningNotifications;
beforeAll(async () => {
  telegram = await telegramServer();
  running = await runningNotifications({
    env: { TELEGRAM_BOT_TOKEN: `123456:${SECRET}`, TELEGRAM_API_URL: telegram.url, TELEGRAM_TIMEOUT_MS: '400' },
    log: createLogger({ name: 'notifications', level: 'trace', destination: { write: (line) => (log += line) } }),
  });
});
afterAll(async () => {
  await running.close();
  await telegram.close();
});

let accounts = 0;
/** A customer who has linked a chat. */
async function customer() {
  const of = user(`01900000-0000-7000-8000-${(++accounts).toString(16).padStart(12, '0')}`, 'CUSTOMER');
  const chatId = `${1_000 + accounts}`;
  await running.linkChat(of, chatId);
  return { ...of, chatId };
}
const statuses = async (of: { accountId: string }) => (await running.messagesOf(of)).map(({ status }: { status: string }) => status);
const settledOf = async ({ accountId }: { accountId: string }) =>
  (await running.published()).filter(({ name, data }) => name !== 'MessageRead' && data.accountId === accountId);
const used = (of: { accountId: string }) => ({
  accountId: of.accountId,
  template: 'GIFT_USED',
  values: [{ name: 'title', value: '아메리카노 쿠폰' }],
  about: { type: 'GIFT', id: '01936d5e-0000-7000-8000-000000000551' },
  idempotencyKey: `used by ${of.accountId}`,
});

describe('a message of the mission game', () => {
  it('goes to the linked chat, and is listed here, too', async () => {
    const of = await customer();
    const id = await running.publish(MissionRewarded, of);
    await eventually(async () => expect(await statuses(of)).toEqual(['SENT']), patient);
    expect(telegram.arrived(of.chatId)).toMatchObject([
      { path: `/bot123456:${SECRET}/sendMessage`, text: '미션을 달성했습니다\n\n「첫 대여」 미션 보상으로 500포인트가 지급되었습니다.' },
    ]);
    const about = { type: 'MISSION_RECORD', id: '01936d5e-0000-7000-8000-000000000501' };
    expect(await running.messagesOf(of)).toMatchObject([{ id, channel: 'TELEGRAM', template: 'MISSION_REWARDED', about }]);
    expect(await settledOf(of)).toMatchObject([{ name: 'MessageSent', data: { messageId: id, channel: 'TELEGRAM', about } }]);
    expect((await running.ask(READ, { input: { messageId: id } }, of)).data.markMessageRead.status).toBe('READ');
  });

  it('is traced to what it tells', async () => {
    const of = await customer();
    const id = await running.publish(gifts.GiftActivated, of);
    await eventually(async () => expect(await settledOf(of)).toHaveLength(1), patient);
    const [row] = await running.rows<object>(
      "SELECT correlation_id, causation_id FROM kernel.outbox WHERE key = $1 AND type LIKE '%MessageSent%'",
      id,
    );
    expect(row).toEqual({ correlation_id: 'test', causation_id: id });
  });

  it('goes to the chat that was linked last', async () => {
    const of = await customer();
    await running.linkChat(of, '-100777');
    await running.publish(MissionRewarded, of);
    await eventually(async () => expect(await statuses(of)).toEqual(['SENT']), patient);
    expect(telegram.arrived(of.chatId)).toEqual([]);
    expect(telegram.arrived('-100777')).toHaveLength(1);
  });

  it('stays in the app for whoever has linked none, and so does everything else', async () => {
    const nobody = user('01900000-0000-7000-8000-0000000000ff', 'CUSTOMER');
    await running.publish(MissionRewarded, nobody);
    const asked = await running.ask(SEND, { input: { ...used(nobody), channel: 'TELEGRAM' } }, service('gifts'));
    expect(asked.data.sendMessage).toMatchObject({ status: 'SENT', channel: 'IN_APP' });
    await eventually(async () => expect(await running.messagesOf(nobody)).toMatchObject([{}, { status: 'SENT', channel: 'IN_APP' }]));
    const of = await customer();
    await running.publish(PaymentApproved, of);
    await eventually(async () => expect(await running.messagesOf(of)).toMatchObject([{ status: 'SENT', channel: 'IN_APP' }]));
    expect(telegram.arrived(of.chatId)).toEqual([]);
  });
});

describe('Telegram’s no', () => {
  it.each(['chatNotFound', 'blocked', 'notFound'] as const)('%s is final', async (what) => {
    const of = await customer();
    telegram.answer(of.chatId, says[what]);
    const messageId = await running.publish(MissionRewarded, of);
    await eventually(async () => expect(await statuses(of)).toEqual(['FAILED']), patient);
    expect(await settledOf(of)).toMatchObject([
      { name: 'MessageFailed', data: { messageId, channel: 'TELEGRAM', reason: expect.any(String) } },
    ]);
    expect(telegram.arrived(of.chatId)).toHaveLength(1);
    expect((await running.openIntents()).filter(({ key }) => key === messageId)).toEqual([]);
    expect((await running.ask(READ, { input: { messageId } }, of)).refusal?.code).toBe('MESSAGE_NOT_SENT');
  });
});

describe('Telegram’s pace', () => {
  it('is one message a second to a chat, in their order', async () => {
    const of = await customer();
    const titles = ['첫째', '둘째', '셋째'];
    for (const title of titles) await running.publish(MissionRewarded, of, { title });
    await eventually(async () => expect(await statuses(of)).toEqual(['SENT', 'SENT', 'SENT']), patient);
    const arrived = telegram.arrived(of.chatId);
    expect(arrived.map(({ text }) => titles.find((title) => text.includes(title)))).toEqual(titles);
    for (const [n, { at }] of arrived.entries()) if (n > 0) expect(at - (arrived[n - 1]?.at ?? 0)).toBeGreaterThan(900);
  });

  it('is 30 a second in all, by however many replicas', async () => {
    await Promise.all([running.replica(), running.replica()]);
    const all = await Promise.all(Array.from({ length: 70 }, customer));
    const before = telegram.arrived().length;
    const begun = Date.now();
    await Promise.all(all.map((of) => running.publish(MissionRewarded, of)));
    await eventually(() => telegram.arrived().length === before + 70, patient);
    // The first place is not before it began, and each is exact (pace.int.spec.ts); on the way a message may be late, never early.
    const times = telegram
      .arrived()
      .slice(before)
      .map(({ at }) => at);
    expect(Math.max(...times) - begun).toBeGreaterThan((69 / 30) * 1_000 - 10);
    for (const { chatId } of all) expect(telegram.arrived(chatId)).toHaveLength(1);
    await eventually(async () => expect(await running.openIntents()).toEqual([]), patient);
  });

  it('is slower when it asks for it, for that chat only', async () => {
    const [slow, other] = [await customer(), await customer()];
    telegram.answer(slow.chatId, says.tooManyRequests(3), says.ok);
    await running.publish(MissionRewarded, slow);
    await eventually(() => telegram.arrived(slow.chatId).length === 1);
    await running.publish(MissionRewarded, other);
    await eventually(async () => expect(await statuses(other)).toEqual(['SENT']), patient);
    expect(await statuses(slow)).toEqual(['QUEUED']);
    await eventually(async () => expect(await statuses(slow)).toEqual(['SENT']), patient);
    const [first, again] = telegram.arrived(slow.chatId);
    expect((again?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(2_950);
    expect(telegram.arrived(slow.chatId)).toHaveLength(2);
  });
});

describe('Telegram being out', () => {
  it('loses nothing and sends once it is back', async () => {
    const of = await customer();
    telegram.answer(of.chatId, says.internalError, says.hangUp, says.badGateway, says.brokenBody, says.ok);
    await running.publish(MissionRewarded, of);
    await running.publish(gifts.GiftActivated, of);
    await eventually(async () => expect(await statuses(of)).toEqual(['SENT', 'SENT']), { withinMs: 45_000 });
    expect(telegram.arrived(of.chatId)).toHaveLength(6);
    expect((await settledOf(of)).map(({ name }) => name)).toEqual(['MessageSent', 'MessageSent']);
  }, 60_000);

  it('holds up nobody who asks for a message, and no message in the app', async () => {
    const [all, inApp] = [
      await Promise.all(Array.from({ length: 20 }, customer)),
      user('01900000-0000-7000-8000-0000000000fd', 'CUSTOMER'),
    ];
    for (const { chatId } of all) telegram.answer(chatId, says.nothing);
    const before = telegram.arrived().length;
    for (const of of all) await running.publish(MissionRewarded, of);
    await eventually(() => telegram.arrived().length > before);
    const began = Date.now();
    const asked = await Promise.all(all.map((of) => running.ask(SEND, { input: used(of) }, service('gifts'))));
    for (const { data } of asked) expect(data.sendMessage).toMatchObject({ status: 'QUEUED', channel: 'TELEGRAM' });
    for (let n = 0; n < 20; n++) await running.publish(PaymentApproved, inApp);
    await eventually(async () => expect(await running.messagesOf(inApp, { first: 100 })).toHaveLength(20));
    expect(Date.now() - began).toBeLessThan(8_000);
    for (const of of all) expect(await statuses(of)).toEqual(['QUEUED', 'QUEUED']);
    expect(await running.deadLetters()).toEqual([]);
    for (const { chatId } of all) telegram.answer(chatId, says.ok);
    for (const of of all) await eventually(async () => expect(await statuses(of)).toEqual(['SENT', 'SENT']), { withinMs: 60_000 });
  }, 90_000);

  it('for one chat is so for that chat only', async () => {
    const [stuck, other] = [await customer(), await customer()];
    telegram.answer(stuck.chatId, says.nothing);
    await running.publish(MissionRewarded, stuck);
    await eventually(() => telegram.arrived(stuck.chatId).length >= 2, patient);
    await running.publish(MissionRewarded, other);
    await eventually(async () => expect(await statuses(other)).toEqual(['SENT']), patient);
    expect(await statuses(stuck)).toEqual(['QUEUED']);
    telegram.answer(stuck.chatId, says.ok);
    await eventually(async () => expect(await statuses(stuck)).toEqual(['SENT']), { withinMs: 45_000 });
  }, 90_000);

  it('is said loudly when the bot itself is refused, and nothing is lost', async () => {
    const of = await customer();
    telegram.answer(of.chatId, says.unauthorized, says.unauthorized, says.ok);
    await running.publish(MissionRewarded, of);
    await eventually(async () => expect(await statuses(of)).toEqual(['SENT']), { withinMs: 45_000 });
    const errors = log.split('\n').filter((line) => line.includes('"level":"error"') && line.includes('TELEGRAM_BOT_TOKEN'));
    expect(errors.length).toBeGreaterThan(0);
  }, 60_000);
});

it('the token is in no log, no error and no row', async () => {
  const rows = await running.rows<{ text: string }>(`
    SELECT t::text AS text FROM kernel.intent t UNION ALL SELECT t::text FROM kernel.outbox t UNION ALL SELECT t::text FROM "Message" t
    UNION ALL SELECT t::text FROM "TelegramPace" t UNION ALL SELECT t::text FROM kernel.idempotency t`);
  expect(log).toContain('Telegram');
  expect(telegram.arrived().every(({ path }) => path.includes(SECRET))).toBe(true);
  expect(log + rows.map(({ text }) => text).join('\n')).not.toContain(SECRET);
  const metrics = await (await fetch(new URL('/metrics', running.url()))).text();
  expect(metrics).toContain('deliver-message');
  expect(metrics).not.toContain(SECRET);
});
