import * as kickboards from '@madang/kickboards/events';
import * as tickets from '@madang/tickets/events';
import { Prisma } from '../generated/prisma/browser.ts';
import type { PrismaClient, TicketRow, TicketStatus } from '../generated/prisma/client.ts';
import { listing, type StatusArguments } from './listing.ts';
import { paymentsOf } from './payment.ts';
import { blankOf, known } from './rows.ts';
import { projectionsOf, type View } from './view.ts';

/** Rented with is used, also while tickets are away and have not told so; what they tell of its end counts. */
const standing = (ticketStatus: TicketStatus | null, rentalId: string | null): TicketStatus | null =>
  ticketStatus === 'AVAILABLE' && rentalId !== null ? 'USED' : ticketStatus;

/** A ticket comes and goes between AVAILABLE and USED: its highest revision tells how it is. */
function ticketIs(row: TicketRow, ticketStatus: TicketStatus, { revision }: { readonly revision: number }): Partial<TicketRow> {
  return revision > row.revision ? { ticketStatus, revision, status: standing(ticketStatus, row.rentalId) } : {};
}

type Ride = (typeof kickboards.KickboardRented.examples)[number];

const rides = (row: TicketRow, { rentalId, kickboardId, serial, dueAt }: Ride): Partial<TicketRow> => ({
  rentalId,
  kickboardId,
  kickboardSerial: serial,
  dueAt: new Date(dueAt),
  status: standing(row.ticketStatus, rentalId),
});

const on = projectionsOf<TicketRow>();
const own = ({ ticketId }: { readonly ticketId: string }) => ticketId;

const projections = [
  on(tickets.TicketPurchased, own, (row, { type, amount, usingMinutes, paymentId, ...data }, at) => ({
    ...ticketIs(row, 'AVAILABLE', data),
    type,
    amount,
    usingMinutes,
    paymentId,
    validUntil: new Date(data.validUntil),
    purchasedAt: at,
  })),
  on(tickets.TicketUsed, own, (row, data) => ticketIs(row, 'USED', data)),
  on(tickets.TicketReleased, own, (row, data) => ticketIs(row, 'AVAILABLE', data)),
  on(tickets.TicketExpired, own, (row, data) => ticketIs(row, 'EXPIRED', data)),
  on(tickets.TicketVoided, own, (row, data) => ticketIs(row, 'VOIDED', data)),
  ...paymentsOf('tickets'),
  on(kickboards.KickboardRented, own, (row, data, at) => ({ ...rides(row, data), rentedAt: at })),
  on(kickboards.KickboardReturned, own, (row, data, at) => ({ ...rides(row, data), returnedAt: at, overdue: data.overdue })),
];

/** Its payment may be heard of before the ticket itself; a payment for which there never is one was given back. */
function shown({ version, ticketStatus, revision, ...row }: TicketRow) {
  const all = known(row, 'status', 'type', 'amount', 'usingMinutes', 'validUntil', 'purchasedAt');
  return all && { ...all, __typename: 'MyPageTicket' as const };
}

/** A ticket as its account sees it. */
export type Ticket = NonNullable<ReturnType<typeof shown>>;

export const ticketsView: View<TicketRow, Ticket> = {
  name: 'TICKET',
  table: 'TicketRow',
  blank: blankOf<TicketRow>(Prisma.TicketRowScalarFieldEnum, { revision: 0, refunded: 0, overdue: false }),
  projections,
  shown,
};

export interface TicketsArguments extends StatusArguments<TicketStatus> {
  /** Those whose payment was cancelled; USED ones of them were ridden with for nothing. */
  readonly paymentCancelled?: boolean | null | undefined;
}

/** Which tickets were bought, what was ridden with them, and how many are left? */
export const ticketRows = (prisma: PrismaClient) => ({
  ...listing(ticketsView, prisma.ticketRow, ({ status, paymentCancelled }: TicketsArguments) => ({
    purchasedAt: { not: null },
    status: status ?? undefined,
    ...(paymentCancelled ? { paymentStatus: 'CANCELLED' as const } : {}),
  })),

  /** With how many something can be rented (잔여 이용권). */
  remaining: (accountId: string): Promise<number> =>
    prisma.ticketRow.count({ where: { accountId, status: 'AVAILABLE', purchasedAt: { not: null } } }),
});
