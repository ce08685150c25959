import { type Cause, defineContext, type Kernel } from '@madang/kernel/context';
import { Refused, service } from '@madang/kernel/domain';
import { signedAccessTokens } from './adapters/access-tokens.ts';
import { accountsByEmail, accountsById } from './adapters/account-store.ts';
import { storedCredentials } from './adapters/credentials.ts';
import { housekeeping } from './adapters/housekeeping.ts';
import { KeyRing } from './adapters/key-ring.ts';
import { hashedPasswords } from './adapters/passwords.ts';
import { derivedKey } from './adapters/sealing.ts';
import { storedSessions } from './adapters/sessions.ts';
import { countedSignIns } from './adapters/sign-in-throttle.ts';
import { type AccountsConfig, accountsConfig } from './config.ts';
import * as events from './events.ts';
import { PrismaClient } from './generated/prisma/client.ts';
import { type Adapters, type Handlers, handlers } from './handlers.ts';
import { accountDetails } from './read-models/account-details.ts';
import { type Loaders, resolvers } from './resolvers.ts';
import { seedDemo } from './seeds.ts';
import { wellKnown } from './well-known.ts';

/** Accounts, signing in, and the keys that others verify its tokens with. */
export const accounts = defineContext({
  name: 'accounts',
  events,
  sdl: new URL('../../schema/subgraphs/accounts.graphql', import.meta.url),
  async build(kernel) {
    const config = accountsConfig(kernel.env);
    const keys = keyRing(kernel, config);
    await keys.signingKey();
    const run = handlers(kernel, adapters(kernel, config, keys));
    const details = accountDetails(kernel.db);
    for (const accountId of config.ACCOUNTS_ADMINS) await makeAdmin(accountId, kernel, run);
    const stopHousekeeping = housekeeping({
      ...kernel,
      keys,
      windowSeconds: config.ACCOUNTS_SIGN_IN_WINDOW_SECONDS,
      placeDays: config.ACCOUNTS_SIGN_IN_PLACE_DAYS,
    });
    return {
      resolvers: resolvers(run, details),
      loaders: ({ actor }): Loaders => ({ accounts: details.loader(actor) }),
      routes: wellKnown(keys, config),
      seed: () => seedDemo(kernel, run),
      close: async () => stopHousekeeping(),
    };
  },
});

async function makeAdmin(accountId: string, { name, newId, log }: Kernel, run: Handlers): Promise<void> {
  const cause: Cause = { actor: service(name), correlationId: newId() };
  await run.grantRole({ accountId, role: 'ADMIN' }, cause).catch((error: unknown) => {
    if (!(error instanceof Refused)) throw error;
    log.warn({ accountId, code: error.code }, 'an account of ACCOUNTS_ADMINS was not made ADMIN');
  });
}

const secretOf = ({ ACCOUNTS_KEY_SECRET, INTERNAL_SECRET }: AccountsConfig) => ACCOUNTS_KEY_SECRET ?? INTERNAL_SECRET;

/** The signing keys as this configuration has them. */
export const keyRing = ({ db, clock, log }: Pick<Kernel, 'db' | 'clock' | 'log'>, config: AccountsConfig): KeyRing =>
  new KeyRing({
    db,
    clock,
    log,
    sealingKey: derivedKey(secretOf(config), 'madang accounts: signing keys'),
    turnMs: config.ACCOUNTS_KEY_ROTATION_DAYS * 86_400_000,
    graceMs: (config.ACCOUNTS_ACCESS_TOKEN_SECONDS + 120) * 1_000,
  });

function adapters({ db, clock, newId }: Kernel, config: AccountsConfig, keys: KeyRing): Adapters {
  const prisma = new PrismaClient({ adapter: db.prismaAdapter() });
  return {
    accounts: accountsById(prisma),
    accountsByEmail: accountsByEmail(prisma),
    credentials: storedCredentials(prisma),
    passwords: hashedPasswords({
      cost: {
        argon2MemoryKib: config.ACCOUNTS_ARGON2_MEMORY_KIB,
        argon2Passes: config.ACCOUNTS_ARGON2_PASSES,
        scryptLogN: config.ACCOUNTS_SCRYPT_LOG_N,
      },
      atOnce: config.ACCOUNTS_HASHES_AT_ONCE,
      waiting: config.ACCOUNTS_HASHES_WAITING,
    }),
    throttle: countedSignIns({
      db,
      clock,
      hashKey: derivedKey(secretOf(config), 'madang accounts: e-mails of failed sign-ins'),
      failures: {
        together: config.ACCOUNTS_SIGN_IN_FAILURES,
        email: config.ACCOUNTS_SIGN_IN_FAILURES_OF_EMAIL,
        address: config.ACCOUNTS_SIGN_IN_FAILURES_OF_ADDRESS,
      },
      firstWaitSeconds: config.ACCOUNTS_SIGN_IN_FIRST_WAIT_SECONDS,
      longestWaitSeconds: {
        together: config.ACCOUNTS_SIGN_IN_LONGEST_WAIT_SECONDS,
        email: config.ACCOUNTS_SIGN_IN_LONGEST_WAIT_ELSEWHERE_SECONDS,
        address: config.ACCOUNTS_SIGN_IN_LONGEST_WAIT_ELSEWHERE_SECONDS,
      },
      windowSeconds: config.ACCOUNTS_SIGN_IN_WINDOW_SECONDS,
      placeDays: config.ACCOUNTS_SIGN_IN_PLACE_DAYS,
    }),
    sessions: storedSessions({ db, clock, newId, refreshTokenDays: config.ACCOUNTS_REFRESH_TOKEN_DAYS }),
    accessTokens: signedAccessTokens({
      keys,
      clock,
      issuer: config.JWT_ISSUER,
      audience: config.JWT_AUDIENCE,
      lifeSeconds: config.ACCOUNTS_ACCESS_TOKEN_SECONDS,
    }),
  };
}
