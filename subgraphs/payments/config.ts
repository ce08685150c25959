import { createHmac } from 'node:crypto';
import type { Env } from '@madang/kernel/context';
import { z } from 'zod';

const latency = z
  .string()
  .regex(/^\d{1,6}(-\d{1,6})?$/, 'is to be milliseconds, like 0 or 400-620')
  .transform((text) => {
    const [min = 0, max = min] = text.split('-').map(Number);
    return { minMs: Math.min(min, max), maxMs: Math.max(min, max) };
  });

const schema = z.object({
  INTERNAL_SECRET: z.string().min(32).describe('what PAYMENTS_FINGERPRINT_SECRET is derived from when that is not set'),
  PAYMENTS_FINGERPRINT_SECRET: z.string().min(32).optional().describe('keys the fingerprints of card and account numbers'),
  PAYMENTS_PROCESSOR_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(1)
    .default(5_000)
    .describe('how long an answer of the processor is waited for'),
  PAYMENTS_SANDBOX_LATENCY_MS: latency.default({ minMs: 0, maxMs: 0 }).describe("the sandbox processor's latency, uniform: 400-620"),
});

/** Every variable that this context reads, beside the kernel's. */
export const variables: readonly string[] = Object.keys(schema.shape);

export interface Config {
  readonly fingerprintSecret: string | Buffer;
  readonly processorTimeoutMs: number;
  readonly sandboxLatency: { readonly minMs: number; readonly maxMs: number };
}

/** @throws TypeError that names the variables at fault; never their values */
export function paymentsConfig(env: Env): Config {
  const { data, error } = schema.safeParse(Object.fromEntries(variables.flatMap((name) => (env[name] ? [[name, env[name]]] : []))));
  if (!data)
    throw new TypeError(
      `payments cannot start: ${error.issues.map(({ path, message }) => `${path[0]?.toString()}: ${message}`).join('; ')}`,
    );
  return {
    fingerprintSecret:
      data.PAYMENTS_FINGERPRINT_SECRET ?? createHmac('sha256', data.INTERNAL_SECRET).update('payments fingerprints').digest(),
    processorTimeoutMs: data.PAYMENTS_PROCESSOR_TIMEOUT_MS,
    sandboxLatency: data.PAYMENTS_SANDBOX_LATENCY_MS,
  };
}
