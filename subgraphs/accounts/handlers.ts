import type { Cause, Kernel, Store } from '@madang/kernel/context';
import { Refused, requireUser } from '@madang/kernel/domain';
import { type Account, account } from './account.ts';
import { newCredential } from './adapters/account-store.ts';
import { grantRole, linkMessenger, refreshSession, signIn, signOut, signUp } from './commands.ts';
import {
  decideGrantRole,
  decideLinkMessenger,
  decideRefresh,
  decideSignUp,
  invalidCredentials,
  refreshTokenInvalid,
  refreshTokenReused,
} from './decide.ts';
import type { AccessTokens, Credentials, Passwords, Sessions, SignInThrottle } from './ports.ts';

export interface Adapters {
  readonly accounts: Store<Account>;
  readonly accountsByEmail: Store<Account>;
  readonly credentials: Credentials;
  readonly passwords: Passwords;
  readonly throttle: SignInThrottle;
  readonly sessions: Sessions;
  readonly accessTokens: AccessTokens;
}

/** The tokens of an account that has just shown who it is. */
export interface SignedIn {
  readonly accountId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresAt: Date;
}

export type Handlers = ReturnType<typeof handlers>;

/** One function per command. */
export function handlers(kernel: Kernel, adapters: Adapters) {
  const { accounts, accountsByEmail, credentials, passwords, throttle, sessions, accessTokens } = adapters;

  const signedIn = async (of: Account, refreshToken: string): Promise<SignedIn> => ({
    accountId: of.id,
    refreshToken,
    ...(await accessTokens.issue(of)),
  });
  const accountOf = async (accountId: string): Promise<Account> => {
    const loaded = await accounts.load(accountId);
    if (!loaded) throw new Error('a credential or session without its account');
    return loaded.state;
  };

  /** Opens an account, with an id of ours where it matters. @throws Refused EMAIL_TAKEN */
  const openAccount = async (raw: unknown, cause: Cause, accountId = kernel.newId()): Promise<Account> => {
    const { email, password, displayName } = signUp.parse(raw);
    const passwordHash = await passwords.hash(password);
    const { state } = await kernel.execute({
      aggregate: account,
      store: accountsByEmail,
      key: email,
      input: { accountId, displayName },
      decide: decideSignUp,
      cause,
      alongside: () => ({ writes: [newCredential(accountId, email, passwordHash)] }),
    });
    return state;
  };

  return {
    openAccount,

    async signUp(raw: unknown, cause: Cause): Promise<SignedIn> {
      const { email } = signUp.parse(raw);
      const { address } = cause;
      // Who asks for taken e-mails finds out who has an account.
      const attempt = await throttle.begin({ address });
      const opened = await openAccount(raw, cause).catch(async (error: unknown) => {
        if (error instanceof Refused && error.code === 'EMAIL_TAKEN') await attempt.failed();
        throw error;
      });
      await throttle.remember(email, address);
      return signedIn(opened, await sessions.open(opened.id));
    },

    async signIn(raw: unknown, { address }: Pick<Cause, 'address'>): Promise<SignedIn> {
      const { email, password } = signIn.parse(raw);
      const attempt = await throttle.begin({ email, address });
      const credential = await credentials.of(email);
      const matches = await passwords.match(password, credential?.passwordHash);
      if (credential === null || !matches) {
        await attempt.failed();
        throw invalidCredentials();
      }
      await attempt.succeeded();
      if (passwords.outdated(credential.passwordHash)) await credentials.rehash(credential, await passwords.hash(password));
      return signedIn(await accountOf(credential.accountId), await sessions.open(credential.accountId));
    },

    async refreshSession(raw: unknown): Promise<SignedIn> {
      const { refreshToken } = refreshSession.parse(raw);
      const found = await sessions.find(refreshToken);
      if (found === null) throw refreshTokenInvalid();
      if (decideRefresh(found, kernel.clock.now()) === 'end-session') {
        await sessions.end(found.sessionId, 'REFRESH_TOKEN_REUSED');
        throw refreshTokenReused();
      }
      const next = await sessions.exchange(refreshToken);
      if (next === null) throw refreshTokenReused();
      return signedIn(await accountOf(found.accountId), next);
    },

    async signOut(raw: unknown): Promise<boolean> {
      const { refreshToken } = signOut.parse(raw);
      const found = await sessions.find(refreshToken);
      if (found) await sessions.end(found.sessionId, 'SIGNED_OUT');
      return true;
    },

    async grantRole(raw: unknown, cause: Cause): Promise<Account> {
      const input = grantRole.parse(raw);
      const { state } = await kernel.execute({
        aggregate: account,
        store: accounts,
        key: input.accountId,
        input,
        decide: decideGrantRole,
        cause,
      });
      return state;
    },

    async linkMessenger(raw: unknown, cause: Cause): Promise<Account> {
      const input = linkMessenger.parse(raw);
      const { accountId: key } = requireUser(cause.actor);
      const { state } = await kernel.execute({ aggregate: account, store: accounts, key, input, decide: decideLinkMessenger, cause });
      return state;
    },
  };
}
