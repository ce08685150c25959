import { setTimeout as pause } from 'node:timers/promises';
import { type Kernel, RetryLater } from '@madang/kernel/context';
import type { OutgoingMessage } from '../../message.ts';
import type { Channel } from '../../ports.ts';
import type { LinkedChats } from '../linked-chats.ts';
import type { BotApi } from './bot-api.ts';
import { Outage } from './outage.ts';
import type { TelegramPace } from './pace.ts';

export interface TelegramOptions extends Pick<Kernel, 'clock' | 'log'> {
  readonly api: BotApi;
  readonly chats: LinkedChats;
  readonly pace: TelegramPace;
  /** How many older messages of the same account are still to go out: they go first. */
  readonly ahead: (message: OutgoingMessage) => Promise<number>;
}

const soon = () => 1_000 + Math.random() * 1_000;
/** A message behind many others looks again when most of them can be out. */
const MOST_AHEAD = 60;

/** Sends messages to Telegram chats: an account's in their order, in the pace that Telegram allows. At least once: after a crash again. */
export function telegramChannel({ api, chats, pace, ahead, clock, log }: TelegramOptions): Channel {
  const outage = new Outage();

  async function out(reason: string, denied: boolean, since: number): Promise<RetryLater> {
    const pauseMs = outage.failed(since, clock.now().getTime(), denied);
    if (pauseMs > 0) {
      if (denied) log.error({ reason, pauseMs }, 'Telegram refuses the bot: TELEGRAM_BOT_TOKEN is wrong or was revoked; messages wait');
      else log.warn({ reason, pauseMs }, 'Telegram is out; messages wait');
      await pace.pause(pauseMs);
    }
    return new RetryLater(pauseMs + soon(), `Telegram: ${reason}`);
  }

  return {
    reaches: async (accountId) => (await chats.of(accountId)) !== null,

    async deliver(message) {
      const chatId = await chats.of(message.accountId);
      if (chatId === null) return { delivered: false, reason: 'no chat is linked' };
      const before = await ahead(message);
      if (before > 0) throw new RetryLater(Math.min(before, MOST_AHEAD) * 1_000, 'older messages of the account go first');
      const wait = await pace.admit(chatId, outage.lasts);
      if (wait > 0) await pause(wait);

      const since = clock.now().getTime();
      const answer = await api.sendMessage(chatId, `${message.title}\n\n${message.body}`);
      if (answer.kind === 'out') throw await out(answer.reason, answer.denied, since);
      if (outage.lasts) log.info('Telegram is back');
      outage.over();
      if (answer.kind === 'sent') return { delivered: true };
      if (answer.kind === 'refused') return { delivered: false, reason: answer.reason };
      await pace.limit(chatId, answer.retryAfterMs);
      throw new RetryLater(answer.retryAfterMs, 'Telegram asks to wait');
    },
  };
}
