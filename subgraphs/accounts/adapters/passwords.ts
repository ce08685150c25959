import { randomBytes, timingSafeEqual } from 'node:crypto';
import { tryAgainLater } from '@madang/kernel/domain';
import { BulkheadRejectedError, bulkhead } from 'cockatiel';
import type { Passwords } from '../ports.ts';
import { type PasswordCost, type Scheme, schemes } from './password-schemes.ts';

const SALT_BYTES = 16;

export interface PasswordOptions {
  readonly cost: PasswordCost;
  /** Hashes computed at a time, each on a thread of libuv's pool: fewer than its 4, so that others get one. */
  readonly atOnce: number;
  /** How many wait for that; more are refused. */
  readonly waiting: number;
  /** How new hashes are made; default: the best that this Node has. */
  readonly scheme?: Scheme;
}

const base64 = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');
const phc = ({ name, version }: Scheme, parameters: string) => ['', name, ...(version ? [version] : []), parameters].join('$');

interface Parsed {
  readonly scheme: Scheme;
  readonly parameters: Readonly<Record<string, number>>;
  readonly salt: Buffer;
  readonly key: Buffer;
}

function parse(hash: string): Parsed {
  const [name, ...rest] = hash.split('$').slice(1);
  const scheme = schemes.find((candidate) => candidate.name === name);
  if (!scheme) throw new Error(`a password hash was made with ${name}, which this Node does not have`);
  const [parameters = '', salt = '', key = ''] = scheme.version ? rest.slice(1) : rest;
  const pairs = parameters.split(',').map((pair) => pair.split('='));
  return {
    scheme,
    parameters: Object.fromEntries(pairs.map(([letter, value]) => [letter, Number(value)])),
    salt: Buffer.from(salt, 'base64'),
    key: Buffer.from(key, 'base64'),
  };
}

/** Argon2id (scrypt where Node has none), kept as PHC strings: `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<key>`. Never on the main thread. */
export function hashedPasswords({ cost, atOnce, waiting, scheme = schemes[0] as Scheme }: PasswordOptions): Passwords {
  const current = phc(scheme, scheme.parameters(cost));
  const nobody = `${current}$${base64(randomBytes(SALT_BYTES))}$${base64(randomBytes(32))}`;
  const { parameters } = parse(nobody);
  const policy = bulkhead(atOnce, waiting);
  const bounded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await policy.execute(work);
    } catch (error) {
      throw error instanceof BulkheadRejectedError ? tryAgainLater(1, 'Signing in') : error;
    }
  };
  const check = async (password: string, hash: string): Promise<boolean> => {
    const made = parse(hash);
    return timingSafeEqual(await made.scheme.derive(password, made.salt, made.parameters), made.key);
  };
  return {
    hash: (password) =>
      bounded(async () => {
        const salt = randomBytes(SALT_BYTES);
        return `${current}$${base64(salt)}$${base64(await scheme.derive(password, salt, parameters))}`;
      }),
    match: (password, hash) =>
      bounded(async () => {
        const same = await check(password, hash ?? nobody);
        return same && hash !== undefined;
      }),
    outdated: (hash) => !hash.startsWith(`${current}$`),
  };
}
