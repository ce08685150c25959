import type { Env } from '@madang/kernel/context';
import { z } from 'zod';

const schema = z.object({
  TELEGRAM_BOT_TOKEN: z
    .string()
    .regex(/^\d+:[\w-]{8,}$/, 'is not the token of a bot')
    .optional()
    .describe('of the bot that sends the messages of the channel TELEGRAM; without it they stay in the app'),
  TELEGRAM_API_URL: z
    .url({ protocol: /^https?$/, error: 'is to be an http(s):// URL' })
    .default('https://api.telegram.org')
    .describe('where the Bot API is'),
  TELEGRAM_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(3_000, 'is to be at most 3000: an intent is for one replica for 5 s')
    .default(3_000)
    .describe('how long an answer of the Bot API is waited for'),
});

export type NotificationsConfig = z.infer<typeof schema>;

/** Every variable that this context reads, beside the kernel's. */
export const variables: readonly string[] = Object.keys(schema.shape);

/** @throws TypeError that names the variables at fault; never their values */
export function notificationsConfig(env: Env): NotificationsConfig {
  const given = Object.fromEntries(variables.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  const { data, error } = schema.safeParse(given);
  if (data) return data;
  throw new TypeError(`notifications cannot start: ${error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`);
}
