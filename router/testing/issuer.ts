import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** An OIDC issuer for tests: EdDSA keys, published at a JWKS address. */
export async function issuer() {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true });
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'test', alg: 'EdDSA', use: 'sig' }] };
  let reads = 0;
  const server = createServer((_, response) => {
    reads += 1;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(jwks));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const token = (claims: Record<string, unknown> = {}, { expiresIn = 900, key = privateKey } = {}): Promise<string> =>
    new SignJWT({ roles: ['CUSTOMER'], ...claims })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'test' })
      .setSubject(String(claims.sub ?? 'account-1'))
      .setIssuer(String(claims.iss ?? 'madang'))
      .setAudience(String(claims.aud ?? 'madang'))
      .setIssuedAt()
      .setExpirationTime(Math.floor(Date.now() / 1000) + expiresIn)
      .sign(key);

  return {
    jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/.well-known/jwks.json`,
    token,
    /** The same claims with a key of someone else. */
    forged: async () => token({}, { key: (await generateKeyPair('EdDSA', { extractable: true })).privateKey }),
    reads: () => reads,
    async close() {
      server.closeAllConnections();
      if (server.listening) await new Promise((closed) => server.close(closed));
    },
  };
}

export type Issuer = Awaited<ReturnType<typeof issuer>>;
