import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { patiently } from './client.ts';
import type { Person } from './people.ts';
import type { Events } from './subscription.ts';
import type { System } from './system.ts';
import { eventually, sideBySide, upTo } from './until.ts';

export type TicketStatus = 'AVAILABLE' | 'USED' | 'EXPIRED' | 'VOIDED';

export interface Ticket {
  readonly id: string;
  readonly type: 'ONE_HOUR' | 'ONE_DAY';
  readonly status: TicketStatus;
  readonly amount: number;
  readonly usingMinutes: number;
  readonly phone: string;
}

export interface Kickboard {
  readonly id: string;
  readonly serial: string;
  readonly status: 'AVAILABLE' | 'RENTED' | 'REMOVED';
  readonly lat: number;
  readonly lng: number;
}

export interface Rental {
  readonly id: string;
  readonly status: 'RENTED' | 'RETURNED';
  readonly redemption: 'PENDING' | 'REDEEMED' | 'REFUSED';
  readonly overdue: boolean;
  readonly forced: boolean;
  readonly kickboard: Kickboard;
}

export interface TicketChange {
  readonly status: TicketStatus;
  readonly cursor: string;
  readonly ticket: Ticket;
}

export interface RentalChange {
  readonly status: Rental['status'];
  readonly cursor: string;
  readonly rental: Rental & { readonly ticket: Ticket | null };
  readonly kickboard: Kickboard;
}

export interface KickboardChange {
  readonly status: Kickboard['status'];
  readonly lat: number;
  readonly lng: number;
  readonly cursor: string;
  readonly kickboard: Kickboard;
}

export const PRICE = { ONE_HOUR: 1_000, ONE_DAY: 2_000 } as const;
export const PHONE = '010-1234-5678';
export const CITY_HALL = { lat: 37.5663, lng: 126.9779 };
export const HAN_RIVER = { lat: 37.5284, lng: 126.9327 };

/** What tickets say of themselves; it needs no other context. */
export const TICKET = 'id type status amount usingMinutes phone';
export const KICKBOARD = 'id serial status lat lng';
/** What kickboards say of a rental; it needs no other context. */
export const RENTAL = `id status redemption overdue forced kickboard { ${KICKBOARD} }`;

const PURCHASE = `mutation Purchase($input: PurchaseTicketInput!) { purchaseTicket(input: $input) { ${TICKET} } }`;
const RENT = `mutation Rent($input: RentKickboardInput!) { rentKickboard(input: $input) { ${RENTAL} } }`;
const RETURN = `mutation Return($input: ReturnKickboardInput!) { returnKickboard(input: $input) { ${RENTAL} } }`;
export const REGISTER = `mutation Register($input: RegisterKickboardInput!) { registerKickboard(input: $input) { ${KICKBOARD} } }`;
export const REMOVE = `mutation Remove($id: ID!) { removeKickboard(input: { kickboardId: $id }) { ${KICKBOARD} } }`;
export const READ_TICKET = `query Ticket($id: ID!) { ticket(id: $id) { ${TICKET} } }`;
export const READ_RENTAL = `query Rental($id: ID!) { rental(id: $id) { ${RENTAL} } }`;
export const WATCH_TICKETS = `subscription Tickets($id: ID, $after: String) {
  ticketStatusChanged(ticketId: $id, after: $after) { status occurredAt cursor ticket { ${TICKET} } }
}`;
const WATCH_RIDES = (field: string) => `subscription Rides($after: String) {
  ${field}(after: $after) { status occurredAt cursor rental { ${RENTAL} ticket { ${TICKET} } } kickboard { ${KICKBOARD} } }
}`;
export const WATCH_KICKBOARDS = `subscription Kickboards($id: ID, $after: String) {
  kickboardStatusChanged(kickboardId: $id, after: $after) { status lat lng occurredAt cursor kickboard { ${KICKBOARD} } }
}`;

const purchaseOf = (more: object) => ({ input: { type: 'ONE_HOUR', phone: PHONE, ...more } });

export async function purchase(person: Person, more: object = {}): Promise<Ticket> {
  return (await person.data<{ purchaseTicket: Ticket }>(PURCHASE, purchaseOf(more))).purchaseTicket;
}

/** Buys as a good client does: again, with the same key, until there is an answer. */
export async function purchasePatiently(person: Person, more: object = {}): Promise<Ticket> {
  const wish = purchaseOf({ idempotencyKey: randomUUID(), ...more });
  return (await patiently(() => person.ask<{ purchaseTicket: Ticket }>(PURCHASE, wish))).data.purchaseTicket;
}

export const refusalToPurchase = (person: Person, more: object = {}) => person.refusal(PURCHASE, purchaseOf(more));

export const tryToRent = (person: Person, kickboardId: string, ticketId: string, more: object = {}) =>
  person.ask<{ rentKickboard: Rental }>(RENT, { input: { kickboardId, ticketId, ...more } });

export async function rent(person: Person, kickboardId: string, ticketId: string, more: object = {}): Promise<Rental> {
  return (await person.data<{ rentKickboard: Rental }>(RENT, { input: { kickboardId, ticketId, ...more } })).rentKickboard;
}

export const refusalToRent = (person: Person, kickboardId: string, ticketId: string, more: object = {}) =>
  person.refusal(RENT, { input: { kickboardId, ticketId, ...more } });

export async function giveBack(person: Person, rentalId: string, to = HAN_RIVER): Promise<Rental> {
  return (await person.data<{ returnKickboard: Rental }>(RETURN, { input: { rentalId, ...to } })).returnKickboard;
}

export const refusalToGiveBack = (person: Person, rentalId: string) => person.refusal(RETURN, { input: { rentalId, ...HAN_RIVER } });

/** A fresh one on the street. */
export async function register(admin: Person, more: object = {}): Promise<Kickboard> {
  const input = { serial: randomUUID().slice(0, 32), ...CITY_HALL, ...more };
  return (await admin.data<{ registerKickboard: Kickboard }>(REGISTER, { input })).registerKickboard;
}

export const registerMany = (admin: Person, count: number) => sideBySide(upTo(count), 8, () => register(admin));

export async function readTicket(person: Person, id: string): Promise<Ticket> {
  return (await person.data<{ ticket: Ticket }>(READ_TICKET, { id })).ticket;
}

export async function readRental(person: Person, id: string): Promise<Rental> {
  return (await person.data<{ rental: Rental }>(READ_RENTAL, { id })).rental;
}

export async function readKickboard(person: Person, id: string): Promise<Kickboard> {
  return (await person.data<{ kickboard: Kickboard }>(`query($id: ID!) { kickboard(id: $id) { ${KICKBOARD} } }`, { id })).kickboard;
}

/** Waits until the page says that this many tickets are left. */
export async function remainingBecomes(person: Person, remaining: number): Promise<void> {
  await eventually(
    async () => expect(await person.data('{ myPage { remainingTickets } }')).toEqual({ myPage: { remainingTickets: remaining } }),
    {
      withinMs: 5_000,
    },
  );
}

/** The statuses that somebody's tickets come to, from now on. */
export const watchTickets = (person: Person, variables: { id?: string; after?: string } = {}): Promise<Events<TicketChange>> =>
  person.watch<TicketChange>('tickets', WATCH_TICKETS, variables);

/** Somebody's rentals that begin, or that end, from now on. */
export const watchRides = (person: Person, field: 'kickboardRented' | 'kickboardReturned', after?: string): Promise<Events<RentalChange>> =>
  person.watch<RentalChange>('kickboards', WATCH_RIDES(field), { after });

export const watchKickboards = (person: Person, variables: { id?: string; after?: string } = {}): Promise<Events<KickboardChange>> =>
  person.watch<KickboardChange>('kickboards', WATCH_KICKBOARDS, variables);

/** What kickboards and tickets keep of these tickets, read from their own databases: `AVAILABLE`, or `USED` with the rental that both agree on. */
export async function ticketOutcomes({ databases }: System, ids: readonly string[]): Promise<{ id: string; is: string }[]> {
  const [tickets, rentals] = await Promise.all([
    databases.query<{ id: string; status: string; rental: string | null }>(
      'tickets',
      'SELECT "id"::text, "status"::text, "rentalId" AS rental FROM "Ticket" WHERE "id" = ANY($1::uuid[])',
      [ids],
    ),
    databases.query<{ ticket: string; rental: string; is: string }>(
      'kickboards',
      `SELECT "ticketId" AS ticket, "id"::text AS rental, concat_ws(' ', "status", "redemption") AS is FROM "Rental" WHERE "ticketId" = ANY($1)`,
      [ids],
    ),
  ]);
  return ids.map((id) => {
    const ticket = tickets.find((one) => one.id === id);
    const of = rentals.filter((one) => one.ticket === id);
    const agreed = of.length === (ticket?.rental ? 1 : 0) && of.every(({ rental }) => rental === ticket?.rental);
    const rented = of.map(({ is }) => is).join(', ');
    return { id, is: `${ticket?.status} ${rented}${agreed ? '' : ' (they do not agree)'}`.trim() };
  });
}
