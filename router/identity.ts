import { anonymous, user } from '@madang/kernel/domain';
import type { GraphQLError } from 'graphql';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import type { Asker } from './engine/authorisation/rights.ts';
import { tryAgainLater, unauthenticated } from './errors.ts';
import { Recent } from './recent.ts';

/** Who asks, and until when that is known: `expiresAt` in milliseconds since 1970, absent for the anonymous. */
export interface Principal {
  readonly actor: Asker;
  readonly expiresAt?: number;
}

export interface IdentityOptions {
  /** Where the issuer publishes its keys. */
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
  /** Milliseconds after which the keys are read again in the background; default 10 minutes. What is known stays good while that fails. */
  readonly refreshMs?: number;
}

const ALGORITHMS = ['EdDSA', 'Ed25519', 'ES256', 'ES384', 'ES512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
const CLOCK_TOLERANCE_SECONDS = 5;
const REMEMBERED = 10_000;

const texts = (claim: unknown): string[] => (Array.isArray(claim) ? claim.filter((each) => typeof each === 'string') : []);

/** Turns `authorization` values into principals. */
export interface Identity {
  /**
   * No value: anonymous.
   * @throws GraphQLError UNAUTHENTICATED for anything but a valid `Bearer <JWT>`; TRY_AGAIN_LATER while the issuer's keys cannot be had
   */
  authenticate(authorization: string | undefined): Promise<Principal>;
  close(): void;
}

const PROBLEMS_WITH_KEYS = ['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC'];

function refusalOf(error: unknown): GraphQLError {
  if (error instanceof errors.JWTExpired) return unauthenticated('The token has expired: sign in again.');
  if (error instanceof errors.JOSEError && !PROBLEMS_WITH_KEYS.includes(error.code))
    return unauthenticated('The token is not valid: sign in again.');
  return tryAgainLater(2, 'Signing in');
}

export function identity({ jwksUrl, issuer, audience, refreshMs = 600_000 }: IdentityOptions): Identity {
  const keys = createRemoteJWKSet(new URL(jwksUrl), {
    cacheMaxAge: Number.POSITIVE_INFINITY,
    cooldownDuration: 5_000,
    timeoutDuration: 3_000,
  });
  const known = new Recent<string, Principal>(REMEMBERED);
  const refresh = setInterval(() => keys.reload().catch(() => undefined), refreshMs).unref();

  async function verify(jwt: string): Promise<Principal> {
    const { payload } = await jwtVerify(jwt, keys, {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      requiredClaims: ['sub', 'exp'],
    });
    const account = user(String(payload.sub), ...texts(payload.roles));
    const scopes = typeof payload.scope === 'string' ? payload.scope.split(' ').filter(Boolean) : texts(payload.scope);
    return {
      actor: scopes.length > 0 ? { ...account, scopes } : account,
      expiresAt: (Number(payload.exp) + CLOCK_TOLERANCE_SECONDS) * 1_000,
    };
  }

  return {
    async authenticate(authorization) {
      if (authorization === undefined || authorization === '') return { actor: anonymous };
      const [, jwt] = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization.trim()) ?? [];
      if (jwt === undefined) throw unauthenticated('The authorization header must be `Bearer <token>`.');
      const seen = known.get(jwt);
      if (seen?.expiresAt !== undefined && seen.expiresAt > Date.now()) return seen;
      try {
        const verified = await verify(jwt);
        known.set(jwt, verified);
        return verified;
      } catch (error) {
        known.delete(jwt);
        throw refusalOf(error);
      }
    },
    close: () => clearInterval(refresh),
  };
}
