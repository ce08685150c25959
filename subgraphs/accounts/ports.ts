import type { Account } from './account.ts';
import type { RefreshTokenState } from './decide.ts';

/** Makes and checks password hashes, a bounded number at a time. */
export interface Passwords {
  /** A hash that carries its parameters. @throws Refused TRY_AGAIN_LATER when too many wait */
  hash(password: string): Promise<string>;
  /** Without a hash: false, after as long as it takes with one. @throws Refused TRY_AGAIN_LATER when too many wait */
  match(password: string, hash: string | undefined): Promise<boolean>;
  /** Whether a hash was made with other parameters than today's. */
  outdated(hash: string): boolean;
}

export interface Credential {
  readonly accountId: string;
  readonly passwordHash: string;
}

/** What accounts sign in with. */
export interface Credentials {
  of(email: string): Promise<Credential | null>;
  /** Puts another hash of the same password in the place of `credential`'s, unless it has changed meanwhile. */
  rehash(credential: Credential, passwordHash: string): Promise<void>;
}

/** Keeps guessing slow: after too many failures, an e-mail has to wait. */
export interface SignInThrottle {
  /** @throws Refused TRY_AGAIN_LATER while the e-mail has to wait */
  admit(email: string): Promise<void>;
  /** Remembers a failure. @throws Refused TRY_AGAIN_LATER when it was one too many: nobody is to learn how it ended */
  failed(email: string): Promise<void>;
  /** Forgets the failures. */
  succeeded(email: string): Promise<void>;
}

/** A refresh token and the session that it belongs to. */
export interface FoundToken extends RefreshTokenState {
  readonly sessionId: string;
  readonly accountId: string;
}

/** Sessions and their refresh tokens, of which only hashes are kept. */
export interface Sessions {
  /** Opens a session. @returns its first refresh token */
  open(accountId: string): Promise<string>;
  find(refreshToken: string): Promise<FoundToken | null>;
  /** Spends the token for a new one; null when another request was faster. */
  exchange(refreshToken: string): Promise<string | null>;
  end(sessionId: string, because: 'SIGNED_OUT' | 'REFRESH_TOKEN_REUSED'): Promise<void>;
}

/** Signs access tokens. */
export interface AccessTokens {
  issue(account: Pick<Account, 'id' | 'roles'>): Promise<{ readonly accessToken: string; readonly expiresAt: Date }>;
}
