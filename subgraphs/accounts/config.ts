import type { Env } from '@madang/kernel/context';
import { z } from 'zod';

const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most);

const schema = z.object({
  JWT_ISSUER: z.string().default('madang').describe('`iss` of access tokens'),
  JWT_AUDIENCE: z.string().default('madang').describe('`aud` of access tokens'),
  ACCOUNTS_ACCESS_TOKEN_SECONDS: whole(5, 86_400).default(900).describe('how long an access token is good'),
  ACCOUNTS_REFRESH_TOKEN_DAYS: whole(1, 365).default(30).describe('how long a refresh token can be exchanged'),
  INTERNAL_SECRET: z.string().min(32).describe('what ACCOUNTS_KEY_SECRET is when that is not set'),
  ACCOUNTS_KEY_SECRET: z.string().min(32).optional().describe('seals the private signing keys in the database'),
  ACCOUNTS_KEY_ROTATION_DAYS: whole(1, 3_650).default(90).describe('how long a signing key signs'),
  ACCOUNTS_SIGN_IN_FAILURES: whole(1, 1_000).default(10).describe('failed sign-ins with an e-mail from one address until it has to wait'),
  ACCOUNTS_SIGN_IN_FAILURES_OF_EMAIL: whole(1, 10_000).default(30).describe('with an e-mail, from all addresses that it is not known at'),
  ACCOUNTS_SIGN_IN_FAILURES_OF_ADDRESS: whole(1, 100_000).default(100).describe('from one address, with e-mails that are not known there'),
  ACCOUNTS_SIGN_IN_FIRST_WAIT_SECONDS: whole(1, 3_600).default(1).describe('the first wait; it doubles with each failure'),
  ACCOUNTS_SIGN_IN_LONGEST_WAIT_SECONDS: whole(1, 86_400).default(900).describe('the longest, with one e-mail from one address'),
  ACCOUNTS_SIGN_IN_LONGEST_WAIT_ELSEWHERE_SECONDS: whole(1, 86_400).default(60).describe('the longest, for what is not known there'),
  ACCOUNTS_SIGN_IN_WINDOW_SECONDS: whole(1, 604_800).default(86_400).describe('from the last of these failures until they are forgotten'),
  ACCOUNTS_SIGN_IN_PLACE_DAYS: whole(1, 365).default(90).describe('how long an address is known after a sign-in there'),
  ACCOUNTS_ARGON2_MEMORY_KIB: whole(8, 4_194_304).default(19_456).describe('memory of a password hash'),
  ACCOUNTS_ARGON2_PASSES: whole(1, 100).default(2).describe('passes of a password hash'),
  ACCOUNTS_SCRYPT_LOG_N: whole(4, 20).default(17).describe('cost of a password hash where Node has no argon2, as a power of two'),
  ACCOUNTS_HASHES_AT_ONCE: whole(1, 64).default(2).describe('password hashes computed at a time, each on a thread of its own'),
  ACCOUNTS_HASHES_WAITING: whole(0, 10_000).default(128).describe('sign-ins that wait for that; more are told to try again later'),
  ACCOUNTS_ADMINS: z
    .string()
    .default('')
    .transform((list) => list.split(',').flatMap((id) => id.trim() || []))
    .pipe(z.array(z.uuid()))
    .describe('ids of accounts that are made ADMIN at start, separated by commas'),
  ACCOUNTS_URL: z.url().optional().describe('where others reach this subgraph; the published configuration names the keys there'),
});

export type AccountsConfig = z.infer<typeof schema>;

/** Every variable that this context reads, beside the kernel's. */
export const variables: readonly string[] = Object.keys(schema.shape);

/** @throws TypeError that names the variables at fault; never their values */
export function accountsConfig(env: Env): AccountsConfig {
  const given = Object.fromEntries(variables.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  const { data, error } = schema.safeParse(given);
  if (data) return data;
  throw new TypeError(`accounts cannot start: ${error.issues.map((issue) => `${issue.path[0]?.toString()}: ${issue.message}`).join('; ')}`);
}
