import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { says, type TelegramServer } from '../../subgraphs/notifications/testing/telegram-server.ts';
import { COFFEE, exchange, giftOf, useUp } from '../harness/gifts.ts';
import { messagesOf } from '../harness/messages.ts';
import { achieve, createMission, READ_WHOLE_RECORD, readWholeRecord, recordBecomes, watchRecords } from '../harness/missions.ts';
import { newCustomer, type Person } from '../harness/people.ts';
import type { System } from '../harness/system.ts';
import { eventually } from '../harness/until.ts';

/** A bot's, as @BotFather would have made it. */
export const TOKEN = '4242424242:AAE2e-token_of_a_bot_that_is_not_there';

const LINK = 'mutation Link($input: LinkMessengerInput!) { linkMessenger(input: $input) { id } }';

let chats = 700_000;
/** A chat that nobody else has. */
export const newChat = (): string => String(++chats);

/** Links a chat, and waits until notifications know. */
export async function linkChat(person: Person, chatId: string): Promise<string> {
  await person.data(LINK, { input: { channel: 'TELEGRAM', chatId } });
  const { databases } = person.system;
  const known = 'SELECT count(*) FROM "LinkedChat" WHERE "accountId" = $1 AND "chatId" = $2';
  await eventually(async () => (await databases.count('notifications', known, [person.accountId, chatId])) === 1);
  return chatId;
}

const worth = async (admin: Person, points: number) => (await createMission(admin, { points })).id;

/** What a chat was sent, in the order it arrived. */
async function expectArrived(telegram: TelegramServer, chatId: string, texts: readonly string[]): Promise<void> {
  await eventually(() => expect(telegram.arrived(chatId)).toHaveLength(texts.length), { withinMs: 15_000, everyMs: 50 });
  expect(telegram.arrived(chatId).map(({ text }) => text)).toEqual(texts.map((text) => expect.stringContaining(text)));
}

/** A linked chat is told each step; a busy one later; one that has blocked the bot never, which the mission learns. */
export async function expectTelegram(system: System, admin: Person, telegram: TelegramServer): Promise<void> {
  const [customer, blocked, busy] = await Promise.all([1, 2, 3].map(() => newCustomer(system, { card: null })));
  if (!customer || !blocked || !busy) throw new Error('three customers were wanted');
  const chat = await linkChat(customer, newChat());
  const [deaf, slow] = [await linkChat(blocked, newChat()), await linkChat(busy, newChat())];
  telegram.answer(deaf, says.blocked);
  telegram.answer(slow, says.tooManyRequests(1), says.internalError, says.ok);

  const [refused, late] = [await watchRecords(blocked), await watchRecords(busy)];
  const mission = await worth(admin, 500);
  const [told, untold, later] = [await achieve(customer, mission), await achieve(blocked, mission), await achieve(busy, mission)];

  await recordBecomes(customer, told.id, 'MESSAGED');
  expect((await readWholeRecord(customer, told.id)).message).toMatchObject({ channel: 'TELEGRAM', status: 'SENT' });
  const { id } = await exchange(customer, COFFEE.id);
  const gift = await giftOf(customer, id);
  expect((await useUp(customer, gift.id)).status).toBe('USED');
  await expectArrived(telegram, chat, [told.title, COFFEE.title, COFFEE.title]);
  expect((await messagesOf(customer)).map(({ template }) => template)).toEqual(['GIFT_USED', 'GIFT_EXCHANGED', 'MISSION_REWARDED']);

  const BLOCKED = 'Forbidden: bot was blocked by the user';
  await refused.are(
    ({ status, record }) => [status, record.messageFailure?.reason],
    [
      ['ACHIEVED', undefined],
      ['REWARDED', undefined],
      ['REWARDED', expect.stringContaining(BLOCKED)],
    ],
  );
  const failed = await blocked.data<{ missionRecord: object }>(READ_WHOLE_RECORD, { id: untold.id });
  expect(failed.missionRecord).toMatchObject({
    ...{ status: 'REWARDED', messagedAt: null, messageFailure: { reason: expect.stringContaining(BLOCKED) } },
    message: { channel: 'TELEGRAM', status: 'FAILED' },
  });

  await recordBecomes(busy, later.id, 'MESSAGED');
  await late.are(({ status }) => status, ['ACHIEVED', 'REWARDED', 'MESSAGED']);
  const [first, second] = telegram.arrived(slow).map(({ at }) => at);
  expect((second ?? 0) - (first ?? 0), 'as long as Telegram has asked for').toBeGreaterThanOrEqual(1_000);
  expect(telegram.arrived(deaf), 'sent once and never again').toHaveLength(1);
  for (const { path } of telegram.arrived()) expect(path).toBe(`/bot${TOKEN}/sendMessage`);
  expect(readFileSync(system.madang.logOf('contexts'), 'utf8'), 'the token is in no log').not.toContain(TOKEN);
}
