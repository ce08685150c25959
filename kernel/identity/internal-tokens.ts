import { createSecretKey } from 'node:crypto';
import { type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { type Actor, anonymous, Refused, service, user } from '../domain/index.ts';
import { BoundedCache } from './bounded-cache.ts';

const AUDIENCE = 'madang-internal';
const LIFE_SECONDS = 60;
const RENEW_SECONDS = 20;
const SKEW_SECONDS = 5;
const CAPACITY = 10_000;

/** Says who asks, between our own processes. */
export interface InternalTokens {
  /**
   * A token that is good for at least 20 more seconds.
   * @param issuer who vouches: `router`, or the context's name. A service actor is its own issuer.
   */
  issue(actor: Actor, issuer: string): Promise<string>;
  /** @throws Refused UNAUTHENTICATED for what is not a token of ours, or no longer one */
  verify(token: string): Promise<Actor>;
}

const refused = (): Refused => new Refused('UNAUTHENTICATED', 'This needs a valid internal token.');

function claimsOf(actor: Actor): JWTPayload {
  if (actor.kind === 'user') return { sub: actor.accountId, roles: [...actor.roles] };
  return actor.kind === 'service' ? { svc: true } : {};
}

function actorOf({ iss, sub, roles, svc }: JWTPayload): Actor {
  if (typeof iss !== 'string' || iss === '') throw refused();
  if (svc === true && sub === undefined) return service(iss);
  if (svc !== undefined) throw refused();
  if (sub === undefined) return anonymous;
  if (!Array.isArray(roles) || !roles.every((role) => typeof role === 'string')) throw refused();
  return user(sub, ...roles);
}

/**
 * Internal tokens: JWTs signed with HS256 that live 60 s (5 s of clock skew are forgiven).
 * A user is `sub` and `roles`, a service `svc` with its name as `iss`, and whoever has neither is anonymous.
 * Issued tokens are used again until 20 s before their end; verified ones are known until theirs.
 * @param secret INTERNAL_SECRET, at least 32 bytes, the same in every process
 * @throws TypeError when the secret is too short
 */
export function internalTokens(secret: string, now: () => number = Date.now): InternalTokens {
  const bytes = Buffer.from(secret, 'utf8');
  if (bytes.length < 32) throw new TypeError(`INTERNAL_SECRET is to have at least 32 bytes; it has ${bytes.length}`);
  const key = createSecretKey(bytes);
  const issued = new BoundedCache<Promise<string>>(CAPACITY);
  const verified = new BoundedCache<Actor>(CAPACITY);

  const sign = (actor: Actor, issuer: string, issuedAt: number): Promise<string> =>
    new SignJWT(claimsOf(actor))
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuer(issuer)
      .setAudience(AUDIENCE)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + LIFE_SECONDS)
      .sign(key);

  return {
    issue(actor, issuer) {
      const by = actor.kind === 'service' ? actor.name : issuer;
      const cacheKey = JSON.stringify([by, claimsOf(actor)]);
      const known = issued.get(cacheKey, now());
      if (known !== undefined) return known;
      const issuedAt = Math.floor(now() / 1000);
      const token = sign(actor, by, issuedAt);
      issued.set(cacheKey, token, (issuedAt + LIFE_SECONDS - RENEW_SECONDS) * 1000);
      return token;
    },

    async verify(token) {
      const known = verified.get(token, now());
      if (known !== undefined) return known;
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['HS256'],
        audience: AUDIENCE,
        requiredClaims: ['iss', 'iat', 'exp'],
        clockTolerance: SKEW_SECONDS,
        currentDate: new Date(now()),
      }).catch(() => Promise.reject(refused()));
      const actor = actorOf(payload);
      verified.set(token, actor, (payload.exp ?? 0) * 1000);
      return actor;
    },
  };
}
