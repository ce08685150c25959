import type { Env } from '@madang/kernel/context';
import { z } from 'zod';

const schema = z.object({
  WALLETS_EXCHANGE_LEASE_MS: z.coerce
    .number()
    .int()
    .min(1_000)
    .default(5_000)
    .describe(
      'how long the request that exchanges points has for the gift before the sweep gives the exchange up; longer than the calls to gifts may take',
    ),
});

export type WalletsConfig = z.infer<typeof schema>;

/** Every variable that this context reads, beside the kernel's. */
export const variables: readonly string[] = Object.keys(schema.shape);

/** @throws TypeError that names the variables at fault */
export function walletsConfig(env: Env): WalletsConfig {
  const given = Object.fromEntries(variables.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  const { data, error } = schema.safeParse(given);
  if (data) return data;
  throw new TypeError(`wallets cannot start: ${error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`);
}
