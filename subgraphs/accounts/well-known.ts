import type { Parts } from '@madang/kernel/context';
import type { KeyRing } from './adapters/key-ring.ts';
import type { AccountsConfig } from './config.ts';

const JWKS = '/.well-known/jwks.json';

/** What verifiers of access tokens read. The configuration says what is true of these tokens, and no more. */
export const wellKnown = (keys: KeyRing, config: AccountsConfig): NonNullable<Parts['routes']> => ({
  [JWKS]: async () => ({ keys: await keys.published() }),
  '/.well-known/openid-configuration': async () => ({
    issuer: config.JWT_ISSUER,
    ...(config.ACCOUNTS_URL ? { jwks_uri: new URL(JWKS, config.ACCOUNTS_URL).href } : {}),
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['EdDSA'],
    claims_supported: ['sub', 'roles', 'iss', 'aud', 'iat', 'exp', 'jti'],
  }),
});
