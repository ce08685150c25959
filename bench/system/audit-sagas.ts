import type { Kept } from '../load/scenario.ts';
import { count, figure } from '../report/statistics.ts';
import type { System } from './system.ts';
import { until } from './until.ts';

const PAYMENTS = `SELECT count(*) FROM "Payment" WHERE "context" = $2 AND "status" = 'APPROVED' AND "reference" = ANY($1::text[])`;
const CLEANINGS = `SELECT count(*) FROM "Cleaning" WHERE "status" = 'REQUESTED' AND "reservationId"::text = ANY($1::text[])`;
const RENTALS = `SELECT "id"::text, "ticketId" FROM "Rental" WHERE "id"::text = ANY($1::text[]) AND "status" IN ('RENTED', 'RETURNED')`;
const USED = `SELECT count(*) FROM "Ticket" WHERE "status" = 'USED' AND "id"::text = ANY($1::text[])`;

const sameCount = (what: string, found: number, wanted: number) => {
  if (found !== wanted) throw new Error(`${found} ${what} for ${wanted}`);
};

/** @throws when a reservation that was answered has not exactly one approved payment and one cleaning */
export async function auditReservations({ databases }: System, kept: readonly Kept[], signal: AbortSignal): Promise<string> {
  const ids = kept.map(({ id }) => id);
  const began = performance.now();
  const requested = async () => (await databases.count('cleanings', CLEANINGS, [ids])) === ids.length || undefined;
  await until('every reservation has its cleaning', requested, { withinMs: 120_000, everyMs: 100, signal });
  const settled = figure((performance.now() - began) / 1_000);
  sameCount('approved payments', await databases.count('payments', PAYMENTS, [ids, 'reservations']), ids.length);
  return `in the databases: ${count(ids.length)} reservations, each with one approved payment and one cleaning; the last ${settled} s after the load`;
}

/** @throws when a rental that was answered has not exactly one used and paid ticket of its own */
export async function auditRides({ databases }: System, kept: readonly Kept[], signal: AbortSignal): Promise<string> {
  const ids = kept.map(({ id }) => id);
  const rentals = await databases.query<{ id: string; ticketId: string }>('kickboards', RENTALS, [ids]);
  sameCount('rentals', rentals.length, ids.length);
  const tickets = rentals.map(({ ticketId }) => ticketId);
  sameCount('different tickets', new Set(tickets).size, ids.length);
  const used = async () => (await databases.count('tickets', USED, [tickets])) === tickets.length || undefined;
  await until('every ticket is used', used, { withinMs: 120_000, everyMs: 100, signal });
  sameCount('approved payments', await databases.count('payments', PAYMENTS, [tickets, 'tickets']), ids.length);
  return `in the databases: ${count(ids.length)} rentals, each with a paid ticket of its own that is used`;
}
