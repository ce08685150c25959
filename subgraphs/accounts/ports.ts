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

/** Who tries to get in: what was typed as e-mail, and from where. Without an e-mail it is about the address alone. */
export interface Trying {
  readonly email?: string | undefined;
  /** Not known when it is not the router that asks. */
  readonly address?: string | undefined;
}

/** One attempt that was let in. */
export interface Attempt {
  /** Remembers a failure. @throws Refused TRY_AGAIN_LATER when it was one too many: nobody is to learn how it ended */
  failed(): Promise<void>;
  /** Forgets the failures with that e-mail from that address, and knows the address from now on. @throws Refused TRY_AGAIN_LATER when too many others have failed meanwhile */
  succeeded(): Promise<void>;
}

/** Keeps guessing slow: after too many failures each further one has to wait longer. */
export interface SignInThrottle {
  /** @throws Refused TRY_AGAIN_LATER while it has to wait */
  begin(trying: Trying): Promise<Attempt>;
  /** The address is known as one of that e-mail's. */
  remember(email: string, address: string | undefined): Promise<void>;
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
