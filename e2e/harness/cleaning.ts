import { expect } from 'vitest';
import type { Person } from './people.ts';
import type { Events } from './subscription.ts';
import type { System } from './system.ts';
import { eventually } from './until.ts';

export type ReservationStatus = 'RESERVED' | 'CONFIRMED' | 'DONE' | 'CANCELLING' | 'CANCELLED';

export interface Reservation {
  readonly id: string;
  readonly status: ReservationStatus;
  readonly title: string;
  readonly amount: number;
  readonly place: string;
  readonly cleaningAtInSeoul: string;
  readonly cancellationRejectedReason: string | null;
  readonly payment: { readonly id: string; readonly status: string; readonly amount: number; readonly refunded: number } | null;
  readonly cleaning: { readonly id: string; readonly status: string } | null;
}

export interface ReservationChange {
  readonly status: ReservationStatus;
  readonly cursor: string;
  readonly reservation: Reservation;
}

/** A plan of the demo's. */
export const PLAN = { id: '01900000-0000-7000-8000-0000000d0001', name: '원룸 청소', price: 49_000, minutes: 120 };
export const PLACE = '서울특별시 마포구 월드컵북로 1, 302호';
/** Always to come. */
export const AT = '2099-11-25T10:00:00+09:00';

/** What reservations say of themselves; it needs no other context. */
const OWN = 'id status title amount place cleaningAtInSeoul cancellationRejectedReason';
/** With what payments and cleanings say of it. */
export const RESERVATION = `${OWN} payment { id status amount refunded } cleaning { id status }`;

const RESERVE = `mutation Reserve($input: ReserveCleaningInput!) { reserveCleaning(input: $input) { ${OWN} } }`;
const CANCEL = `mutation Cancel($input: CancelCleaningReservationInput!) { cancelCleaningReservation(input: $input) { ${OWN} } }`;
export const READ_RESERVATION = `query Reservation($id: ID!) { cleaningReservation(id: $id) { ${RESERVATION} } }`;
export const WATCH_RESERVATIONS = `subscription Changes($id: ID, $after: String) {
  cleaningStatusChanged(reservationId: $id, after: $after) { status occurredAt cursor reservation { ${RESERVATION} } }
}`;
export const CONFIRM = 'mutation Confirm($id: ID!) { confirmCleaning(input: { cleaningId: $id }) { id status } }';
export const COMPLETE = 'mutation Complete($id: ID!) { completeCleaning(input: { cleaningId: $id }) { id status } }';

export type Reserved = Omit<Reservation, 'payment' | 'cleaning'>;

const wishOf = (more: object) => ({ planId: PLAN.id, place: PLACE, at: AT, ...more });

export async function reserve(person: Person, more: object = {}): Promise<Reserved> {
  return (await person.data<{ reserveCleaning: Reserved }>(RESERVE, { input: wishOf(more) })).reserveCleaning;
}

export const tryToReserve = (person: Person, more: object = {}) =>
  person.ask<{ reserveCleaning: Reserved }>(RESERVE, { input: wishOf(more) });

export const refusalToReserve = (person: Person, more: object = {}) => person.refusal(RESERVE, { input: wishOf(more) });

export async function cancelReservation(person: Person, reservationId: string): Promise<Reserved> {
  return (await person.data<{ cancelCleaningReservation: Reserved }>(CANCEL, { input: { reservationId } })).cancelCleaningReservation;
}

export const refusalToCancel = (person: Person, reservationId: string) => person.refusal(CANCEL, { input: { reservationId } });

export const confirm = (manager: Person, id: string) => manager.data<{ confirmCleaning: { status: string } }>(CONFIRM, { id });
export const completeCleaning = (manager: Person, id: string) => manager.data<{ completeCleaning: { status: string } }>(COMPLETE, { id });

export async function readReservation(person: Person, id: string): Promise<Reservation> {
  return (await person.data<{ cleaningReservation: Reservation }>(READ_RESERVATION, { id })).cleaningReservation;
}

/** Waits until the reservation is in that status, as its owner sees it. */
export async function reservationBecomes(person: Person, id: string, status: ReservationStatus, withinMs = 15_000): Promise<Reservation> {
  return eventually(
    async () => {
      const reservation = await readReservation(person, id);
      expect(reservation.status).toBe(status);
      return reservation;
    },
    { withinMs, everyMs: 50 },
  );
}

/** Waits until the reservation has been requested of the cleaners. */
export async function cleaningOf(person: Person, reservationId: string): Promise<string> {
  return eventually(async () => (await readReservation(person, reservationId)).cleaning?.id ?? false, { everyMs: 50 });
}

/** The statuses that somebody's reservations come to, from now on. */
export const watchReservations = (person: Person, variables: { id?: string; after?: string } = {}): Promise<Events<ReservationChange>> =>
  person.watch<ReservationChange>('reservations', WATCH_RESERVATIONS, variables);

/** Everything that the contexts keep of one reservation. */
export interface CleaningOutcome {
  readonly reservation: string;
  readonly payments: readonly string[];
  readonly cleanings: readonly string[];
}

type Kept = { of: string; status: string };

/** What the three contexts keep of these reservations, read from their own databases. */
export async function cleaningOutcomes({ databases }: System, ids: readonly string[]): Promise<Map<string, CleaningOutcome>> {
  const [reservations, payments, cleanings] = await Promise.all([
    databases.query<Kept>(
      'reservations',
      'SELECT "id"::text AS of, "status"::text FROM "CleaningReservation" WHERE "id" = ANY($1::uuid[])',
      [ids],
    ),
    databases.query<Kept>('payments', 'SELECT "reference" AS of, "status"::text FROM "Payment" WHERE "reference" = ANY($1)', [ids]),
    databases.query<Kept>('cleanings', 'SELECT "reservationId" AS of, "status"::text FROM "Cleaning" WHERE "reservationId" = ANY($1)', [
      ids,
    ]),
  ]);
  const statuses = (rows: readonly Kept[], id: string) => rows.filter(({ of }) => of === id).map(({ status }) => status);
  return new Map(
    reservations.map(({ of, status }) => [
      of,
      { reservation: status, payments: statuses(payments, of), cleanings: statuses(cleanings, of) },
    ]),
  );
}

/** Cancelled together. */
export const ALL_CANCELLED: CleaningOutcome = { reservation: 'CANCELLED', payments: ['CANCELLED'], cleanings: ['CANCELLED'] };
/** Cleaned, and the payment stands. */
export const CLEANED: CleaningOutcome = { reservation: 'DONE', payments: ['APPROVED'], cleanings: ['DONE'] };

/** Each of the reservations has come to one of these; what has not is told with its id. */
export async function expectCleaningOutcomes(
  system: System,
  ids: readonly string[],
  ...allowed: readonly CleaningOutcome[]
): Promise<void> {
  const outcomes = await cleaningOutcomes(system, ids);
  const wrong = ids.filter((id) => !allowed.some((one) => JSON.stringify(one) === JSON.stringify(outcomes.get(id))));
  expect(
    wrong.slice(0, 5).map((id) => ({ id, ...outcomes.get(id) })),
    `${wrong.length} of ${ids.length} reservations are not as they must be`,
  ).toEqual([]);
}
