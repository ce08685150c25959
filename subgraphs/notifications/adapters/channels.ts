import type { Kernel } from '@madang/kernel/context';
import { notificationsConfig } from '../config.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Channels } from '../ports.ts';
import type { LinkedChats } from './linked-chats.ts';
import { messagesAhead } from './message-store.ts';
import { botApi } from './telegram/bot-api.ts';
import { telegramPace } from './telegram/pace.ts';
import { telegramChannel } from './telegram/telegram-channel.ts';

/** The channels that the environment sets up. */
export function channels({ env, db, clock, log }: Kernel, prisma: PrismaClient, chats: LinkedChats): Channels {
  const { TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_URL: url, TELEGRAM_TIMEOUT_MS: timeoutMs } = notificationsConfig(env);
  if (token === undefined) {
    log.warn('TELEGRAM_BOT_TOKEN is not set: what would go to Telegram stays in the app');
    return {};
  }
  const api = botApi({ url, token, timeoutMs });
  const pace = telegramPace(db, clock);
  return { TELEGRAM: telegramChannel({ api, chats, pace, ahead: messagesAhead(prisma), clock, log }) };
}
