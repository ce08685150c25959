import { type Clock, RetryLater } from '@madang/kernel/context';
import { type Database, sql } from '@madang/kernel/prisma';

/** The bot as a whole; chats have their number as their lane. */
const BOT = 'all';
/** 30 a second in all. */
const BOT_MS = 34;
/** One a second to a chat; 20 a minute to a group, whose number is negative. */
const CHAT_MS = 1_000;
const GROUP_MS = 3_000;
/** How far ahead a place may be taken. Together with the call it stays within the time for which an intent is one replica's. */
const AHEAD_MS = 1_200;
/** While the channel is out, one message at a time tries. */
const TRIAL_MS = 1_000;

/**
 * When the next message may go out: kept in the database, so that replicas share it and a restart forgets nothing.
 * @param random from 0 up to 1: spreads those who have to ask again over a tenth of a second
 */
export function telegramPace(db: Database, clock: Clock, random: () => number = Math.random) {
  const after = (ms: number, from = clock.now()) => new Date(from.getTime() + ms);
  const spacing = (chatId: string) => (chatId.startsWith('-') ? GROUP_MS : CHAT_MS);

  async function busy(lane: string, atLeastMs: number): Promise<RetryLater> {
    const [row] = await db.query<{ freeAt: Date }>(sql`SELECT "freeAt" FROM "TelegramPace" WHERE "lane" = ${lane}`);
    const wait = row ? row.freeAt.getTime() - clock.now().getTime() : 0;
    return new RetryLater(Math.max(wait, atLeastMs) + random() * 100, lane === BOT ? 'the bot has to wait' : 'the chat has to wait');
  }

  const hold = (lane: string, until: Date) =>
    db.query(sql`INSERT INTO "TelegramPace" AS p ("lane", "freeAt") VALUES (${lane}, ${until})
      ON CONFLICT ("lane") DO UPDATE SET "freeAt" = GREATEST(p."freeAt", EXCLUDED."freeAt")`);

  return {
    /**
     * Takes a place for one message to a chat.
     * @param trial the channel may still be out
     * @returns the milliseconds until it may go out, at most 1200
     * @throws RetryLater when there is none so soon
     */
    async admit(chatId: string, trial = false): Promise<number> {
      const now = clock.now();
      const chat = await db.query(sql`INSERT INTO "TelegramPace" AS p ("lane", "freeAt") VALUES (${chatId}, ${after(spacing(chatId), now)})
        ON CONFLICT ("lane") DO UPDATE SET "freeAt" = EXCLUDED."freeAt" WHERE p."freeAt" <= ${now} RETURNING 1`);
      if (chat.length === 0) throw await busy(chatId, 0);
      const step = trial ? TRIAL_MS : BOT_MS;
      const [place] = await db.query<{
        freeAt: Date;
      }>(sql`INSERT INTO "TelegramPace" AS p ("lane", "freeAt") VALUES (${BOT}, ${after(step, now)})
        ON CONFLICT ("lane") DO UPDATE SET "freeAt" = GREATEST(p."freeAt", ${now}) + ${step} * interval '1 millisecond'
        WHERE p."freeAt" <= ${after(trial ? 0 : AHEAD_MS, now)} RETURNING "freeAt"`);
      if (!place) throw await busy(BOT, spacing(chatId));
      const wait = Math.max(0, place.freeAt.getTime() - step - now.getTime());
      if (wait > 0) await hold(chatId, after(wait + spacing(chatId), now));
      return wait;
    },

    /** The channel is out: nothing goes out for so long. */
    async pause(ms: number): Promise<void> {
      await hold(BOT, after(ms));
    },

    /** Telegram asks to wait: for the chat, and, when it asks that of two chats at a time, for all. */
    async limit(chatId: string, ms: number): Promise<void> {
      const now = clock.now();
      const until = after(ms, now);
      await db.query(sql`INSERT INTO "TelegramPace" AS p ("lane", "freeAt", "limitedUntil") VALUES (${chatId}, ${until}, ${until})
        ON CONFLICT ("lane") DO UPDATE SET "freeAt" = GREATEST(p."freeAt", EXCLUDED."freeAt"), "limitedUntil" = EXCLUDED."limitedUntil"`);
      const others = await db.query(sql`SELECT FROM "TelegramPace" WHERE "lane" <> ${chatId} AND "limitedUntil" > ${now} LIMIT 1`);
      if (others.length > 0) await hold(BOT, until);
    },
  };
}

export type TelegramPace = ReturnType<typeof telegramPace>;
