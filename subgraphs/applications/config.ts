import type { Env } from '@madang/kernel/context';
import { z } from 'zod';

const schema = z.object({
  APPLICATIONS_PAYABLE_FOR_SECONDS: z.coerce
    .number()
    .positive()
    .default(24 * 3_600)
    .describe('how long an application waits for its payment before it expires'),
  APPLICATIONS_PAYMENT_LEASE_MS: z.coerce
    .number()
    .int()
    .min(1_000)
    .default(3_000)
    .describe('how long the request that applies has for paying before the sweep takes over; longer than the call to payments may take'),
});

export type ApplicationsConfig = z.infer<typeof schema>;

/** Every variable that this context reads, beside the kernel's. */
export const variables: readonly string[] = Object.keys(schema.shape);

/** @throws TypeError that names the variables at fault */
export function applicationsConfig(env: Env): ApplicationsConfig {
  const given = Object.fromEntries(variables.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  const { data, error } = schema.safeParse(given);
  if (data) return data;
  throw new TypeError(`applications cannot start: ${error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`);
}
