import type { Kept } from '../load/scenario.ts';
import { count, figure } from '../report/statistics.ts';
import type { System } from './system.ts';
import { isPaid } from './textbooks.ts';
import { until } from './until.ts';

/** What the databases say of the applications that were answered. */
export interface Audit {
  readonly paid: number;
  /** Were told PAYMENT_DEFERRED, and paid by themselves afterwards. */
  readonly paidLater: number;
  /** From the end of the load until the last one was paid and on its way. */
  readonly settledAfterMs: number;
}

interface Row {
  readonly of: string;
  readonly status: string;
  readonly amount: number;
  readonly accountId: string;
}

const APPLICATIONS = `SELECT "id"::text AS of, "status"::text, "amount", "accountId" FROM "TextbookApplication" WHERE "id" = ANY($1::uuid[])`;
const OPEN = `SELECT count(*) FROM "TextbookApplication" WHERE "id" = ANY($1::uuid[]) AND "status" <> 'DELIVERING'`;
const PAYMENTS = `SELECT "reference" AS of, "status"::text, "amount", "accountId" FROM "Payment" WHERE "context" = 'applications' AND "reference" = ANY($1::text[])`;
const DELIVERIES = `SELECT "applicationId" AS of, "status"::text, 0 AS amount, "accountId" FROM "Delivery" WHERE "applicationId" = ANY($1::text[])`;
const CHARGES = `SELECT p."reference" AS of, l."entry"::text AS status, l."amount", p."accountId" FROM "SandboxLedger" l
  JOIN "Payment" p ON l."idempotencyKey" = 'charge:' || p."id" WHERE l."chargeId" IS NOT NULL AND p."reference" = ANY($1::text[])`;

/**
 * Waits until everything is paid and on its way, then looks for each application's payment, the processor's charge and the delivery.
 * @throws when one of them is missing, there twice, or another than what the client was told
 */
export async function audit({ databases }: System, kept: readonly Kept[], signal: AbortSignal): Promise<Audit> {
  const ids = kept.map(({ id }) => id);
  const began = performance.now();
  const settled = async () => (await databases.count('applications', OPEN, [ids])) === 0 || undefined;
  await until('all that was applied for is paid and on its way', settled, { withinMs: 120_000, everyMs: 100, signal });
  const settledAfterMs = performance.now() - began;
  const [applications, payments, charges, deliveries] = await Promise.all([
    databases.query<Row & Record<string, unknown>>('applications', APPLICATIONS, [ids]).then(byApplication),
    databases.query<Row & Record<string, unknown>>('payments', PAYMENTS, [ids]).then(byApplication),
    databases.query<Row & Record<string, unknown>>('payments', CHARGES, [ids]).then(byApplication),
    databases.query<Row & Record<string, unknown>>('deliveries', DELIVERIES, [ids]).then(byApplication),
  ]);
  const wrong = kept.filter(({ id, amount, accountId }) => {
    const one = (rows: Map<string, Row[]>, status: string, won: number) => {
      const [row, ...more] = rows.get(id) ?? [];
      return row !== undefined && more.length === 0 && row.status === status && row.amount === won && row.accountId === accountId;
    };
    return !(
      one(applications, 'DELIVERING', amount) &&
      one(payments, 'APPROVED', amount) &&
      one(charges, 'CHARGE', amount) &&
      one(deliveries, 'DELIVERING', 0)
    );
  });
  if (new Set(ids).size !== ids.length) throw new Error('the same application was answered twice');
  if (wrong.length > 0) {
    const { id } = wrong[0] as Kept;
    const stored = [applications, payments, charges, deliveries].map((rows) => rows.get(id) ?? []);
    throw new Error(
      `${wrong.length} of ${ids.length} applications are not paid once and on their way once: ${id} ${JSON.stringify(stored)}`,
    );
  }
  const paidLater = kept.filter((application) => !isPaid(application)).length;
  return { paid: kept.length - paidLater, paidLater, settledAfterMs };
}

function byApplication(rows: readonly Row[]): Map<string, Row[]> {
  return Map.groupBy(rows, ({ of }) => of);
}

export function auditText({ paid, paidLater, settledAfterMs }: Audit): string {
  const later = paidLater === 0 ? '' : ` and ${count(paidLater)} that had been deferred`;
  return `in the databases: ${count(paid)} paid${later}, each with one approved payment, one charge at the processor and one delivery; the last was on its way ${figure(settledAfterMs / 1_000)} s after the load`;
}
