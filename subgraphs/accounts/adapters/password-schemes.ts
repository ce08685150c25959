import crypto from 'node:crypto';
import { promisify } from 'node:util';

const KEY_BYTES = 32;

/** What a password hash costs to make. */
export interface PasswordCost {
  readonly argon2MemoryKib: number;
  readonly argon2Passes: number;
  readonly scryptLogN: number;
}

/** One way to hash passwords; its parameters are a PHC string's (`m=19456,t=2,p=1`). */
export interface Scheme {
  readonly name: 'argon2id' | 'scrypt';
  readonly version: string | undefined;
  parameters(cost: PasswordCost): string;
  derive(password: string, salt: Buffer, parameters: Readonly<Record<string, number>>): Promise<Buffer>;
}

const argon2id: Scheme = {
  name: 'argon2id',
  version: 'v=19',
  parameters: ({ argon2MemoryKib, argon2Passes }) => `m=${argon2MemoryKib},t=${argon2Passes},p=1`,
  derive: (password, nonce, { m = 0, t = 0, p = 0 }) =>
    promisify(crypto.argon2)('argon2id', { message: password, nonce, memory: m, passes: t, parallelism: p, tagLength: KEY_BYTES }),
};

const scrypt: Scheme = {
  name: 'scrypt',
  version: undefined,
  parameters: ({ scryptLogN }) => `ln=${scryptLogN},r=8,p=1`,
  derive: (password, salt, { ln = 0, r = 0, p = 0 }) =>
    new Promise((resolve, reject) => {
      const options = { N: 2 ** ln, r, p, maxmem: 256 * 2 ** ln * r };
      crypto.scrypt(password, salt, KEY_BYTES, options, (error, key) => (error ? reject(error) : resolve(key)));
    }),
};

/** Node before 24.7 has no argon2; its hashes cannot be checked there. */
export const schemes: readonly Scheme[] = typeof crypto.argon2 === 'function' ? [argon2id, scrypt] : [scrypt];
