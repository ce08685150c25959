import type { Env } from '@madang/kernel/context';
import { z } from 'zod';

const schema = z.object({
  TICKETS_PAYMENT_LEASE_MS: z.coerce
    .number()
    .int()
    .min(1_000)
    .default(3_000)
    .describe(
      'how long the request that buys has for paying before the sweep gives the purchase up; longer than the call to payments may take',
    ),
});

export type TicketsConfig = z.infer<typeof schema>;

/** Every variable that this context reads, beside the kernel's. */
export const variables: readonly string[] = Object.keys(schema.shape);

/** @throws TypeError that names the variables at fault */
export function ticketsConfig(env: Env): TicketsConfig {
  const given = Object.fromEntries(variables.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  const { data, error } = schema.safeParse(given);
  if (data) return data;
  throw new TypeError(`tickets cannot start: ${error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`);
}
