import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type Database, type Sql, sql } from '@madang/kernel/prisma';
import { type ChargeAnswer, type PaymentProcessor, ProcessorUnavailable } from '../../ports.ts';
import { DECLINED_AT_CHARGE, REFUSED_AT_AUTHORISATION } from './test-numbers.ts';

/** Milliseconds, uniform. */
export interface Latency {
  readonly minMs: number;
  readonly maxMs: number;
}

/** How long the latency that the switch says is taken for true, ms. */
const SWITCH_CACHED_MS = 100;

const UP = sql`NOT EXISTS (SELECT 1 FROM "SandboxSwitch" WHERE "outage")`;
const LOST = sql`(SELECT "answersLost" FROM "SandboxSwitch") AS lost`;
/** The row of an earlier call with that key is answered, under its lock, so that of two calls at the same time one waits for the other. */
const ONCE = sql`ON CONFLICT ("idempotencyKey") DO UPDATE SET "idempotencyKey" = EXCLUDED."idempotencyKey"`;

/** Kept in the books of a charge that came after its token was revoked. */
const REVOKED = 'REVOKED';

interface Entry {
  entry: 'CHARGE' | 'REFUND' | 'WITHDRAWAL';
  chargeId: string | null;
  declined: Extract<ChargeAnswer, { outcome: 'DECLINED' }>['reason'] | typeof REVOKED | null;
}

/**
 * A processor that takes nobody's money. It keeps books of its own, as one far away would: each operation is one statement and commits by itself, and
 * `SandboxSwitch` can take it out, lose its answers and slow it down at any time.
 */
export class SandboxProcessor implements PaymentProcessor {
  readonly #db: Database;
  readonly #otherwise: Latency;
  #latency: Promise<Latency>;
  #readAt = 0;

  constructor(db: Database, latency: Latency) {
    this.#db = db;
    this.#otherwise = latency;
    this.#latency = Promise.resolve(latency);
  }

  async authorise({ number, kind, idempotencyKey }: Parameters<PaymentProcessor['authorise']>[0]) {
    const refused = REFUSED_AT_AUTHORISATION[number] ?? null;
    const token = refused === null ? `sandbox_${randomBytes(18).toString('base64url')}` : null;
    const row = await this.#call<{ token: string | null; refused: string | null }>(sql`
      INSERT INTO "SandboxAuthorisation" AS made ("idempotencyKey", "token", "kind", "refused", "declines")
      SELECT ${idempotencyKey}, ${token}, ${kind}::"MethodKind", ${refused}, ${DECLINED_AT_CHARGE[number] ?? null} WHERE ${UP}
      ${ONCE} RETURNING made."token", made."refused", ${LOST}`);
    return row.token === null ? { refused: row.refused ?? 'DO_NOT_HONOR' } : { token: row.token };
  }

  /** The lock of the authorisation's row puts a charge and the revocation one after the other. */
  async revoke({ token }: Parameters<PaymentProcessor['revoke']>[0]) {
    await this.#call(sql`
      WITH revoked AS (UPDATE "SandboxAuthorisation" SET "revokedAt" = coalesce("revokedAt", now()) WHERE "token" = ${token} AND ${UP})
      SELECT ${LOST} WHERE ${UP}`);
  }

  async charge({ token, amount, idempotencyKey }: Parameters<PaymentProcessor['charge']>[0]): Promise<ChargeAnswer> {
    const { entry, chargeId, declined } = await this.#call<Entry>(sql`
      INSERT INTO "SandboxLedger" AS made ("idempotencyKey", "entry", "amount", "chargeId", "declined")
      SELECT ${idempotencyKey}, 'CHARGE', ${amount}::int, CASE WHEN says."declined" IS NULL THEN ${randomUUID()}::uuid END, says."declined"
      FROM (SELECT coalesce((SELECT CASE WHEN "revokedAt" IS NULL THEN coalesce("declines", '') ELSE ${REVOKED} END
          FROM "SandboxAuthorisation" WHERE "token" = ${token} FOR SHARE), 'DO_NOT_HONOR')) AS known("declines"),
        LATERAL (SELECT nullif(known."declines", '')) AS says("declined")
      WHERE ${UP} ${ONCE} RETURNING made."entry", made."chargeId", made."declined", ${LOST}`);
    if (entry !== 'CHARGE') return { outcome: 'WITHDRAWN' };
    if (declined === REVOKED) return { outcome: 'REVOKED' };
    return chargeId === null ? { outcome: 'DECLINED', reason: declined ?? 'DO_NOT_HONOR' } : { outcome: 'CHARGED', chargeId };
  }

  async withdraw({ idempotencyKey }: Parameters<PaymentProcessor['withdraw']>[0]) {
    const { chargeId } = await this.#call<Entry>(sql`
      INSERT INTO "SandboxLedger" AS made ("idempotencyKey", "entry", "amount")
      SELECT ${idempotencyKey}, 'WITHDRAWAL', 0 WHERE ${UP} ${ONCE} RETURNING made."chargeId", ${LOST}`);
    return { chargeId };
  }

  async refund({ chargeId, amount, idempotencyKey }: Parameters<PaymentProcessor['refund']>[0]) {
    await this.#call<Entry>(sql`
      INSERT INTO "SandboxLedger" AS made ("idempotencyKey", "entry", "amount", "chargeId")
      SELECT ${idempotencyKey}, 'REFUND', ${amount}::int, charge."chargeId" FROM "SandboxLedger" charge
      WHERE charge."chargeId" = ${chargeId}::uuid AND charge."entry" = 'CHARGE' AND charge."amount" = ${amount} AND ${UP}
      ${ONCE} RETURNING made."chargeId", ${LOST}`);
  }

  /** Half of the latency before the operation is done, half of it after. */
  async #call<Row>(statement: Sql): Promise<Row> {
    const { minMs, maxMs } = await this.#currentLatency();
    const half = (minMs + Math.random() * (maxMs - minMs)) / 2;
    if (half > 0) await wait(half);
    const [row] = await this.#db.query<Row & { lost: boolean }>(statement);
    if (half > 0) await wait(half);
    if (row === undefined || row.lost) throw new ProcessorUnavailable('the sandbox processor gives no answer');
    return row;
  }

  #currentLatency(): Promise<Latency> {
    const now = Date.now();
    if (now - this.#readAt > SWITCH_CACHED_MS) {
      this.#readAt = now;
      this.#latency = this.#readLatency();
    }
    return this.#latency;
  }

  async #readLatency(): Promise<Latency> {
    const { minMs: min, maxMs: max } = this.#otherwise;
    const [row] = await this.#db.query<Latency & Record<string, unknown>>(
      sql`SELECT coalesce("latencyMinMs", ${min})::int AS "minMs", coalesce("latencyMaxMs", "latencyMinMs", ${max})::int AS "maxMs" FROM "SandboxSwitch"`,
    );
    return row ?? this.#otherwise;
  }
}
