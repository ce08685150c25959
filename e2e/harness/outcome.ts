import { expect } from 'vitest';
import type { System } from './system.ts';
import type { ApplicationStatus } from './textbooks.ts';

/** Everything that the contexts keep of one application. */
export interface Outcome {
  readonly application: ApplicationStatus;
  readonly payments: readonly string[];
  readonly deliveries: readonly string[];
}

type Kept = { of: string; status: string };

/** What the three contexts keep of these applications, read from their own databases. */
export async function outcomesOf({ databases }: System, ids: readonly string[]): Promise<Map<string, Outcome>> {
  const [applications, payments, deliveries] = await Promise.all([
    databases.query<Kept>(
      'applications',
      'SELECT "id"::text AS of, "status"::text FROM "TextbookApplication" WHERE "id" = ANY($1::uuid[])',
      [ids],
    ),
    databases.query<Kept>('payments', 'SELECT "reference" AS of, "status"::text FROM "Payment" WHERE "reference" = ANY($1::text[])', [ids]),
    databases.query<Kept>(
      'deliveries',
      'SELECT "applicationId" AS of, "status"::text FROM "Delivery" WHERE "applicationId" = ANY($1::text[])',
      [ids],
    ),
  ]);
  const statuses = (rows: readonly Kept[], id: string) => rows.filter(({ of }) => of === id).map(({ status }) => status);
  return new Map(
    applications.map(({ of, status }) => [
      of,
      { application: status as ApplicationStatus, payments: statuses(payments, of), deliveries: statuses(deliveries, of) },
    ]),
  );
}

/** Paid once and on its way once. */
export const ON_ITS_WAY: Outcome = { application: 'DELIVERING', payments: ['APPROVED'], deliveries: ['DELIVERING'] };
/** Cancelled together, having been paid. */
export const CANCELLED: Outcome = { application: 'CANCELLED', payments: ['CANCELLED'], deliveries: ['CANCELLED'] };
/** Cancelled before it was paid, so that nothing was ever to be sent. */
export const NEVER_SENT: Outcome = { application: 'CANCELLED', payments: ['CANCELLED'], deliveries: [] };
/** Declined, and nothing sent. */
export const REJECTED: Outcome = { application: 'REJECTED', payments: ['DECLINED'], deliveries: [] };

/** How many of the applications have come to what; anything unexpected is told with its id. */
export async function expectOutcomes(system: System, expected: ReadonlyMap<string, readonly Outcome[]>): Promise<void> {
  const outcomes = await outcomesOf(system, [...expected.keys()]);
  const wrong = [...expected].flatMap(([id, allowed]) => {
    const outcome = outcomes.get(id);
    const fits = allowed.some((one) => JSON.stringify(one) === JSON.stringify(outcome));
    return fits ? [] : [{ id, ...outcome }];
  });
  expect(wrong.slice(0, 5), `${wrong.length} of ${expected.size} applications are not as they must be`).toEqual([]);
}
