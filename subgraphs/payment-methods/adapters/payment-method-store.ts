import type { Store } from '@madang/kernel/context';
import { type Database, saveRow, sql, type Write, write } from '@madang/kernel/prisma';
import type { Owner as OwnerRow, PaymentMethod as PaymentMethodRow } from '../generated/prisma/client.ts';
import type { PaymentMethod, PaymentMethodEvent, PaymentMethods, Pending } from '../payment-methods.ts';

/** A row as the payment method that it keeps. */
export const methodOf = ({ id, kind, last4, status, registeredAt, requestKey, requestPrint }: PaymentMethodRow): PaymentMethod => ({
  id,
  kind,
  last4,
  status,
  registeredAt,
  request: requestKey === null || requestPrint === null ? null : { key: requestKey, print: requestPrint },
});

/** All payment methods of an account, by its id. */
export const paymentMethodStore = (db: Database): Store<PaymentMethods> => ({
  async load(accountId) {
    const [owner] = await db.query<OwnerRow & { methods: (PaymentMethodRow & { registeredAt: string })[] | null }>(sql`
      SELECT owner.*, (SELECT json_agg(method ORDER BY method."id") FROM "PaymentMethod" method WHERE method."accountId" = owner."accountId") AS methods
      FROM "Owner" owner WHERE owner."accountId" = ${accountId}`);
    if (!owner) return null;
    const methods = (owner.methods ?? []).map((row) => methodOf({ ...row, registeredAt: new Date(row.registeredAt) }));
    const { revision, defaultId } = owner;
    return { state: { accountId, revision, defaultId, pending: owner.pending as Pending | null, methods }, version: owner.version };
  },

  /** The owner's row: its version guards what `methodWrites` writes with it. */
  save: ({ accountId, revision, defaultId, pending }, version) =>
    saveRow('Owner', { accountId, revision, defaultId, pending }, version, 'accountId'),
});

/** The rows of the payment methods that these events are about. */
export function methodWrites({ accountId, methods }: PaymentMethods, events: readonly PaymentMethodEvent[]): Write[] {
  const about = (id: string) => methods.find((method) => method.id === id) as PaymentMethod;
  return events.flatMap((event) => {
    if (event.name === 'PaymentMethodRegistered') return inserted(accountId, about(event.data.paymentMethodId));
    if (event.name === 'PaymentMethodChanged' || event.name === 'PaymentMethodRemoved') return updated(about(event.data.paymentMethodId));
    return [];
  });
}

const inserted = (accountId: string, { id, kind, last4, status, registeredAt, request }: PaymentMethod): Write =>
  write(sql`INSERT INTO "PaymentMethod" ("id", "accountId", "kind", "last4", "status", "registeredAt", "requestKey", "requestPrint")
    VALUES (${id}::uuid, ${accountId}, ${kind}::"PaymentMethodKind", ${last4}, ${status}::"PaymentMethodStatus", ${registeredAt}, ${request?.key ?? null}, ${request?.print ?? null})`);

const updated = ({ id, last4, status }: PaymentMethod): Write =>
  write(sql`UPDATE "PaymentMethod" SET "last4" = ${last4}, "status" = ${status}::"PaymentMethodStatus" WHERE "id" = ${id}::uuid`);
