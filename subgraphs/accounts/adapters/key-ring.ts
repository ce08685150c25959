import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { Clock, Kernel } from '@madang/kernel/context';
import { type Database, sql } from '@madang/kernel/prisma';
import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose';
import { seal, unseal } from './sealing.ts';
import { isRotationDue, type KeyTurn, publishedKeys, signingKey } from './signing-keys.ts';

/** For how long a replica goes on with the keys it has read. */
const KNOWN_MS = 30_000;
/** And for how long when they could not be read again. */
const RETRY_MS = 1_000;
/** From a key's publication until it signs: whoever verifies has read it by then. */
const LEAD_MS = 900_000;
/** A key that is to sign at once does so too where the clock is behind by this much. */
const AT_ONCE_MS = -60_000;

export interface KeyRingOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Kernel['log'];
  /** Seals the private keys. */
  readonly sealingKey: Buffer;
  /** How long a key signs. */
  readonly turnMs: number;
  /** How long after a key's last use a token of it may come along. */
  readonly graceMs: number;
}

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
}

interface Key extends KeyTurn {
  readonly kid: string;
  readonly publicKey: JWK;
  /** Null when it was sealed with another secret. */
  readonly privateKey: KeyObject | null;
}

interface Row extends KeyTurn {
  readonly kid: string;
  readonly publicKey: JWK;
  readonly sealedPrivateKey: Buffer;
}

const isOurs = (key: Key): key is Key & SigningKey => key.privateKey !== null;

/** The Ed25519 keys of access tokens: kept in the database, shared by all replicas, replaced by and by. */
export class KeyRing {
  readonly #options: KeyRingOptions;
  #known: { readonly until: number; readonly keys: Promise<readonly Key[]> } | undefined;

  constructor(options: KeyRingOptions) {
    this.#options = options;
  }

  /** The key to sign with now. Makes one when there is none, and the next one in time. */
  async signingKey(): Promise<SigningKey> {
    const keys = (await this.#keys()).filter(isOurs);
    const key = signingKey(keys, this.#options.clock.now());
    if (key === undefined) throw new Error('there is no signing key');
    return key;
  }

  /** The public keys, as JWKs, that verify what is signed now, has been signed and will be signed soon. */
  async published(): Promise<JWK[]> {
    const keys = await this.#keys();
    return publishedKeys(keys, this.#options.clock.now(), this.#options.graceMs).map(({ publicKey }) => publicKey);
  }

  /** Makes the next key; it signs in a quarter of an hour, or at once. @returns its kid */
  async rotate(atOnce = false): Promise<string> {
    const keys = await this.#read();
    const kid = await this.#insert((keys.at(-1)?.generation ?? 0) + 1, atOnce || keys.length === 0 ? AT_ONCE_MS : LEAD_MS);
    this.#known = undefined;
    return kid;
  }

  /** Removes keys whose tokens are over; or all but the latest, together with what they have signed. */
  async remove(which: 'over' | 'all but the latest'): Promise<void> {
    const { db, clock, graceMs } = this.#options;
    const keys = await this.#read();
    const kept = which === 'over' ? publishedKeys(keys, clock.now(), graceMs) : keys.slice(-1);
    const [oldest] = kept;
    if (oldest) await db.query(sql`DELETE FROM "SigningKey" WHERE "generation" < ${oldest.generation}::int`);
    this.#known = undefined;
  }

  #keys(): Promise<readonly Key[]> {
    const now = Date.now();
    if (this.#known && this.#known.until > now) return this.#known.keys;
    const previous = this.#known?.keys;
    const keys = this.#ready().catch((error: unknown) => {
      this.#known = previous && { until: now + RETRY_MS, keys: previous };
      if (!previous) throw error;
      this.#options.log.warn({ err: error }, 'the signing keys could not be read again; going on with those at hand');
      return previous;
    });
    this.#known = { until: now + KNOWN_MS, keys };
    return keys;
  }

  /** Replicas that get here at once all try to insert the same generation; one of them does. */
  async #ready(): Promise<readonly Key[]> {
    const { clock, turnMs, log } = this.#options;
    const keys = await this.#read();
    const next = (keys.at(-1)?.generation ?? 0) + 1;
    if (!signingKey(keys.filter(isOurs), clock.now())) {
      if (keys.length > 0) log.warn('no signing key can be opened, as the secret is another one; a new one is made');
      await this.#insert(next, AT_ONCE_MS);
    } else if (isRotationDue(keys, clock.now(), turnMs)) {
      log.info({ generation: next }, 'the next signing key is made');
      await this.#insert(next, LEAD_MS);
    } else return keys;
    return this.#ready();
  }

  async #insert(generation: number, leadMs: number): Promise<string> {
    const { db, clock, sealingKey } = this.#options;
    const { publicKey, privateKey } = await promisify(generateKeyPair)('ed25519');
    const jwk = await exportJWK(publicKey);
    const kid = await calculateJwkThumbprint(jwk);
    const sealed = seal(sealingKey, privateKey.export({ format: 'der', type: 'pkcs8' }), kid);
    const published = JSON.stringify({ ...jwk, kid, alg: 'EdDSA', use: 'sig' });
    await db.query(sql`INSERT INTO "SigningKey" ("kid", "generation", "publicKey", "sealedPrivateKey", "signsFrom")
      VALUES (${kid}, ${generation}::int, ${published}::json, ${sealed}, ${new Date(clock.now().getTime() + leadMs)}) ON CONFLICT DO NOTHING`);
    return kid;
  }

  async #read(): Promise<Key[]> {
    const rows = await this.#options.db.query<Row>(sql`SELECT * FROM "SigningKey" ORDER BY "generation"`);
    return rows.map(({ sealedPrivateKey, ...row }) => {
      const der = unseal(this.#options.sealingKey, sealedPrivateKey, row.kid);
      return { ...row, privateKey: der && createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }) };
    });
  }
}
