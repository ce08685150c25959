import type { Loaded, Store } from '@madang/kernel/context';
import { type Database, type Sql, saveRow, sql } from '@madang/kernel/prisma';
import type { Method, Payment } from '../payment/payment.ts';
import { type PaymentRow, paymentOf, rowOf } from './payment-rows.ts';

/** A method that can be charged now. */
export interface Chargeable {
  readonly method: Method;
  /** The processor's. */
  readonly token: string;
}

export interface Wanted {
  readonly accountId: string;
  readonly context: string;
  readonly reference: string;
  readonly idempotencyKey: string;
}

interface KeyRow {
  keyId: string | null;
  kind: Method['kind'];
  last4: string;
  token: string;
  numberRevision: number;
}

const chargeable = ({ keyId, kind, last4, token, numberRevision }: KeyRow): Chargeable | null =>
  keyId === null ? null : { token, method: { kind, last4, billingKeyId: keyId, billingKeyRevision: numberRevision } };

const loaded = (row: (PaymentRow & Partial<KeyRow>) | undefined): Loaded<Payment> | null =>
  row?.id ? { state: paymentOf(row), version: row.version } : null;

const save: Store<Payment>['save'] = (state, version) => saveRow('Payment', rowOf(state), version);

/** Payments, each way that they are asked for. */
export function paymentStore(db: Database) {
  const one = async (where: Sql) => loaded((await db.query<PaymentRow>(sql`SELECT * FROM "Payment" WHERE ${where}`))[0]);
  const find = async ({ context, reference, idempotencyKey, accountId }: Wanted) => {
    const [row] = await db.query<PaymentRow & KeyRow>(sql`
      SELECT payment.*, key."id" AS "keyId", key."kind", key."last4", key."token", key."numberRevision"
      FROM (SELECT 1) AS always
      LEFT JOIN "Payment" payment ON payment."context" = ${context} AND (payment."reference" = ${reference} OR payment."idempotencyKey" = ${idempotencyKey})
      LEFT JOIN "Payer" payer ON payer."accountId" = ${accountId}
      LEFT JOIN "BillingKey" key ON key."id" = payer."defaultKeyId" AND key."status" = 'ACTIVE'
      ORDER BY payment."reference" = ${reference} DESC LIMIT 1`);
    return { payment: loaded(row), chargeable: row ? chargeable(row) : null };
  };
  return {
    /** The payment by that reference, or else by that key, and what the payer is charged by: one read. */
    find,

    /** Whether the method that a payment was asked for with is still what it was. */
    async stillChargeable({ billingKeyId, billingKeyRevision }: Method): Promise<Chargeable | null> {
      const [row] = await db.query<KeyRow & Record<string, unknown>>(sql`
        SELECT "id" AS "keyId", "kind", "last4", "token", "numberRevision" FROM "BillingKey"
        WHERE "id" = ${billingKeyId}::uuid AND "status" = 'ACTIVE' AND "numberRevision" = ${billingKeyRevision}`);
      return row ? chargeable(row) : null;
    },

    byId: { load: (id) => one(sql`"id" = ${id}::uuid`), save } satisfies Store<Payment>,

    /** For whoever asks for it or cancels it: by its reference. */
    by: (wanted: Wanted): Store<Payment> => ({ load: async () => (await find(wanted)).payment, save }),
  };
}

export type PaymentStore = ReturnType<typeof paymentStore>;
