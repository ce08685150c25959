import { createHmac } from 'node:crypto';
import type { Env } from '@madang/kernel/context';
import { z } from 'zod';

const schema = z.object({
  INTERNAL_SECRET: z.string().min(32).describe('what PAYMENT_METHODS_REQUEST_SECRET is derived from when that is not set'),
  PAYMENT_METHODS_REQUEST_SECRET: z.string().min(32).optional().describe('keys the hashes that repeated registrations are known by'),
});

/** Every variable that this context reads, beside the kernel's. */
export const variables: readonly string[] = Object.keys(schema.shape);

export interface Config {
  readonly requestSecret: string | Buffer;
}

/** @throws TypeError that names the variables at fault; never their values */
export function paymentMethodsConfig(env: Env): Config {
  const { data, error } = schema.safeParse(Object.fromEntries(variables.flatMap((name) => (env[name] ? [[name, env[name]]] : []))));
  if (!data)
    throw new TypeError(
      `payment-methods cannot start: ${error.issues.map(({ path, message }) => `${path[0]?.toString()}: ${message}`).join('; ')}`,
    );
  return {
    requestSecret:
      data.PAYMENT_METHODS_REQUEST_SECRET ?? createHmac('sha256', data.INTERNAL_SECRET).update('payment-methods requests').digest(),
  };
}
