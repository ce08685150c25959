import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export interface Issuer {
  readonly jwksUrl: string;
  /** A token for each of so many accounts. */
  tokens(accounts: number): Promise<string[]>;
  close(): void;
}

/** An issuer of tokens that are good for as long as a run takes. */
export async function issuer(): Promise<Issuer> {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA');
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'bench', alg: 'EdDSA', use: 'sig' }] });
  const server = createServer((_, response) => response.setHeader('content-type', 'application/json').end(jwks));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const token = (n: number) =>
    new SignJWT({ roles: ['CUSTOMER'] })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'bench' })
      .setSubject(`account-${n}`)
      .setIssuer('madang')
      .setAudience('madang')
      .setIssuedAt()
      .setExpirationTime('4h')
      .sign(privateKey);
  return {
    jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`,
    tokens: (accounts) => Promise.all(Array.from({ length: accounts }, (_, n) => token(n))),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
