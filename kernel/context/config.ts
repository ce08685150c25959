import { z } from 'zod';
import { tracingVariables } from '../observability/index.ts';
import type { Env } from './definition.ts';

/** `payment-methods` → `PAYMENT_METHODS` */
export const upperName = (context: string): string => context.replaceAll('-', '_').toUpperCase();
/** `payment-methods` → `payment_methods` */
export const databaseName = (context: string): string => context.replaceAll('-', '_');

const schema = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'is to be a postgresql:// URL' }),
  NATS_URL: z.string().min(1),
  NATS_PREFIX: z.string().default(''),
  NATS_REPLICAS: z.coerce.number().int().min(1).max(5).default(1),
  HOST: z.string().default('127.0.0.1'),
  INTERNAL_SECRET: z.string().min(32, 'needs at least 32 characters'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  SEED: z.enum(['', 'demo']).default(''),
  POOL_SIZE: z.coerce.number().int().min(2).max(64).default(8),
  OUTBOX_RETENTION_DAYS: z.coerce.number().min(1).default(7),
  INBOX_RETENTION_DAYS: z.coerce.number().min(1).default(90),
});

/** Every variable that the kernel reads for any context, beside `<CONTEXT>_PORT` and `<CALLEE>_URL`. */
export const kernelVariables: readonly string[] = [...Object.keys(schema.shape), ...tracingVariables];

export type KernelConfig = z.infer<typeof schema> & {
  /** Of the context's own database. */
  readonly databaseUrl: string;
  readonly port: number;
};

/** @throws TypeError that names the variable, what is wrong and for which context */
export function kernelConfig(context: string, env: Env): KernelConfig {
  const given = Object.fromEntries(kernelVariables.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  const { data, error } = schema.safeParse(given);
  if (!data) {
    const problems = error.issues.map((issue) => `${issue.path.join('.')}: ${given[issue.path.join('.')] ? issue.message : 'is not set'}`);
    throw new TypeError(`${context} cannot start: ${problems.join('; ')}`);
  }
  const url = new URL(data.DATABASE_URL);
  url.pathname = `/${databaseName(context)}`;
  const named = env[`${upperName(context)}_DATABASE`];
  if (named) url.pathname = `/${named}`;
  const port = Number(env[`${upperName(context)}_PORT`] ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new TypeError(`${upperName(context)}_PORT is not a port`);
  return { ...data, databaseUrl: url.href, port };
}

/** @throws TypeError when the address of a callee is missing */
export function calleeUrl(context: string, callee: string, env: Env): string {
  const variable = `${upperName(callee)}_URL`;
  const url = env[variable];
  if (!url || !URL.canParse(url))
    throw new TypeError(`${context} calls ${callee}: set ${variable} to its subgraph's address, e.g. http://127.0.0.1:4102/graphql`);
  return url;
}
