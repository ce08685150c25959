import { connectionOf, pageOf } from '@madang/kernel/graphql';
import * as kickboards from '@madang/kickboards/events';
import * as payments from '@madang/payments/events';
import * as tickets from '@madang/tickets/events';
import type { PaymentStatus, PrismaClient, TicketRow, TicketStatus } from '../generated/prisma/client.ts';
import { further, projectionsOf, type View } from './view.ts';

const paymentStatus = further<PaymentStatus>({ APPROVED: 0, DECLINED: 1, CANCELLING: 2, CANCELLED: 3 });

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
const paidFor = ({ context, reference }: { readonly context: string; readonly reference: string }) =>
  context === 'tickets' ? reference : null;

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
  on(payments.PaymentApproved, paidFor, (row, { paymentId }) => ({
    paymentId,
    paymentStatus: paymentStatus(row.paymentStatus, 'APPROVED'),
  })),
  on(payments.PaymentDeclined, paidFor, (row, { paymentId }) => ({
    paymentId,
    paymentStatus: paymentStatus(row.paymentStatus, 'DECLINED'),
  })),
  on(payments.PaymentCancelling, paidFor, (row, { paymentId }) => ({
    paymentId,
    paymentStatus: paymentStatus(row.paymentStatus, 'CANCELLING'),
  })),
  on(payments.PaymentCancelled, paidFor, (row, { paymentId, refunded }) => ({
    paymentId,
    paymentStatus: paymentStatus(row.paymentStatus, 'CANCELLED'),
    refunded: Math.max(row.refunded, refunded),
  })),
  on(kickboards.KickboardRented, own, (row, data, at) => ({ ...rides(row, data), rentedAt: at })),
  on(kickboards.KickboardReturned, own, (row, data, at) => ({ ...rides(row, data), returnedAt: at, overdue: data.overdue })),
];

/** Its payment may be heard of before the ticket itself; a payment for which there never is one was given back. */
function shown({ version, ticketStatus, revision, ...row }: TicketRow) {
  const { status, type, amount, usingMinutes, validUntil, purchasedAt } = row;
  if (status === null || type === null || amount === null || usingMinutes === null) return null;
  if (validUntil === null || purchasedAt === null) return null;
  return { ...row, __typename: 'MyPageTicket' as const, status, type, amount, usingMinutes, validUntil, purchasedAt };
}

/** A ticket as its account sees it. */
export type Ticket = NonNullable<ReturnType<typeof shown>>;

export const ticketsView: View<TicketRow, Ticket> = {
  name: 'TICKET',
  table: 'TicketRow',
  blank: (row) => ({
    ...row,
    ticketStatus: null,
    revision: 0,
    type: null,
    amount: null,
    usingMinutes: null,
    validUntil: null,
    purchasedAt: null,
    paymentId: null,
    paymentStatus: null,
    refunded: 0,
    rentalId: null,
    kickboardId: null,
    kickboardSerial: null,
    rentedAt: null,
    dueAt: null,
    returnedAt: null,
    overdue: false,
    status: null,
  }),
  projections,
  shown,
};

export interface TicketsArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly status?: TicketStatus | null | undefined;
  /** USED ones whose payment was cancelled: rides that were given for nothing. */
  readonly paymentCancelled?: boolean | null | undefined;
}

/** Which tickets were bought, what was ridden with them, and how many are left? */
export function ticketRows(prisma: PrismaClient) {
  async function list(accountId: string | undefined, { first, after, status, paymentCancelled }: TicketsArguments) {
    const { take, cursorId } = pageOf({ first, after });
    const rows = await prisma.ticketRow.findMany({
      where: {
        accountId,
        purchasedAt: { not: null },
        status: status ?? undefined,
        ...(paymentCancelled ? { paymentStatus: 'CANCELLED' } : {}),
        id: cursorId === undefined ? undefined : { lt: cursorId },
      },
      orderBy: { id: 'desc' },
      take,
    });
    return connectionOf(
      rows.flatMap((row) => shown(row) ?? []),
      first,
      ({ id }) => id,
      { after },
    );
  }

  return {
    ofAccount: (accountId: string, args: TicketsArguments) => list(accountId, args),
    ofEverybody: (args: TicketsArguments) => list(undefined, args),

    /** With how many something can be rented (잔여 이용권). */
    remaining: (accountId: string): Promise<number> =>
      prisma.ticketRow.count({ where: { accountId, status: 'AVAILABLE', purchasedAt: { not: null } } }),

    async one(id: string): Promise<Ticket | null> {
      const row = await prisma.ticketRow.findUnique({ where: { id } });
      return row && shown(row);
    },
  };
}

export type Tickets = ReturnType<typeof ticketRows>;
