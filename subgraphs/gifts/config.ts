import type { Env } from '@madang/kernel/context';
import { z } from 'zod';

const schema = z.object({
  GIFTS_MESSAGE_LEASE_MS: z.coerce
    .number()
    .int()
    .min(1_000)
    .default(3_000)
    .describe(
      'how long the request that uses a gift has for the message before the sweep sends it; longer than the call to notifications may take',
    ),
});

export type GiftsConfig = z.infer<typeof schema>;

/** Every variable that this context reads, beside the kernel's. */
export const variables: readonly string[] = Object.keys(schema.shape);

/** @throws TypeError that names the variables at fault */
export function giftsConfig(env: Env): GiftsConfig {
  const given = Object.fromEntries(variables.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  const { data, error } = schema.safeParse(given);
  if (data) return data;
  throw new TypeError(`gifts cannot start: ${error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`);
}
