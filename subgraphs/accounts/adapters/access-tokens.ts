import { randomUUID } from 'node:crypto';
import type { Clock } from '@madang/kernel/context';
import { SignJWT } from 'jose';
import type { AccessTokens } from '../ports.ts';
import type { KeyRing } from './key-ring.ts';

export interface AccessTokenOptions {
  readonly keys: KeyRing;
  readonly clock: Clock;
  readonly issuer: string;
  readonly audience: string;
  readonly lifeSeconds: number;
}

/** JWTs signed with EdDSA (Ed25519): `sub` is the account, `roles` what it holds. */
export const signedAccessTokens = ({ keys, clock, issuer, audience, lifeSeconds }: AccessTokenOptions): AccessTokens => ({
  async issue({ id, roles }) {
    const { kid, privateKey } = await keys.signingKey();
    const issuedAt = Math.floor(clock.now().getTime() / 1_000);
    const accessToken = await new SignJWT({ roles: [...roles] })
      .setProtectedHeader({ alg: 'EdDSA', kid, typ: 'JWT' })
      .setSubject(id)
      .setIssuer(issuer)
      .setAudience(audience)
      .setJti(randomUUID())
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + lifeSeconds)
      .sign(privateKey);
    return { accessToken, expiresAt: new Date((issuedAt + lifeSeconds) * 1_000) };
  },
});
