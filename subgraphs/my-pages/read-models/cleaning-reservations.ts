import * as cleanings from '@madang/cleanings/events';
import { connectionOf, pageOf } from '@madang/kernel/graphql';
import * as payments from '@madang/payments/events';
import * as reservations from '@madang/reservations/events';
import type {
  CleaningReservationRow,
  CleaningReservationStatus,
  CleaningStatus,
  PaymentStatus,
  PrismaClient,
} from '../generated/prisma/client.ts';
import { further, projectionsOf, type View } from './view.ts';

// A status that ends a reservation is followed by no other one.
const status = further<CleaningReservationStatus>({ RESERVED: 0, CONFIRMED: 1, CANCELLING: 2, DONE: 3, CANCELLED: 3 });
const paymentStatus = further<PaymentStatus>({ APPROVED: 0, DECLINED: 1, CANCELLING: 2, CANCELLED: 3 });
const cleaningStatus = further<CleaningStatus>({ REQUESTED: 0, CONFIRMED: 1, DONE: 2, CANCELLED: 2 });

const on = projectionsOf<CleaningReservationRow>();
const own = ({ reservationId }: { readonly reservationId: string }) => reservationId;
const paidFor = ({ context, reference }: { readonly context: string; readonly reference: string }) =>
  context === 'reservations' ? reference : null;

const projections = [
  on(reservations.CleaningReserved, own, (row, { accountId, title, minutes, amount, place, cleaningAt }, at) => ({
    accountId,
    title,
    minutes,
    amount,
    place,
    cleaningAt: new Date(cleaningAt),
    reservedAt: at,
    status: status(row.status, 'RESERVED'),
  })),
  on(reservations.CleaningReservationConfirmed, own, (row, _, at) => ({ status: status(row.status, 'CONFIRMED'), confirmedAt: at })),
  on(reservations.CleaningReservationDone, own, (row) => ({ status: status(row.status, 'DONE') })),
  on(reservations.CleaningCancellationRequested, own, (row) => ({ status: status(row.status, 'CANCELLING') })),
  on(reservations.CleaningCancellationRejected, own, (row, { reason, ...data }, at) => ({
    status: status(row.status, data.status),
    ...(row.cancellationRejectedAt === null || row.cancellationRejectedAt <= at
      ? { cancellationRejectedAt: at, cancellationRejectedReason: reason }
      : {}),
  })),
  on(reservations.CleaningReservationCancelled, own, (row, _, at) => ({ status: status(row.status, 'CANCELLED'), cancelledAt: at })),
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
  on(cleanings.CleaningRequested, own, (row, { cleaningId }) => ({
    cleaningId,
    cleaningStatus: cleaningStatus(row.cleaningStatus, 'REQUESTED'),
  })),
  on(cleanings.CleaningConfirmed, own, (row, { cleaningId }) => ({
    cleaningId,
    cleaningStatus: cleaningStatus(row.cleaningStatus, 'CONFIRMED'),
  })),
  on(cleanings.CleaningCompleted, own, (row, { cleaningId }, at) => ({
    cleaningId,
    cleaningStatus: cleaningStatus(row.cleaningStatus, 'DONE'),
    doneAt: at,
  })),
  on(cleanings.CleaningCancelled, own, (row, { cleaningId }) => ({
    cleaningId,
    cleaningStatus: cleaningStatus(row.cleaningStatus, 'CANCELLED'),
  })),
];

/** Its payment or cleaning may be heard of before the reservation itself; a payment for which there never is one was given back. */
function shown({ version, ...row }: CleaningReservationRow) {
  const { title, minutes, amount, place, cleaningAt, reservedAt } = row;
  if (row.status === null || title === null || minutes === null || amount === null || place === null) return null;
  if (cleaningAt === null || reservedAt === null) return null;
  const known = { status: row.status, title, minutes, amount, place, cleaningAt, reservedAt };
  return { ...row, ...known, __typename: 'MyPageCleaningReservation' as const };
}

/** A cleaning reservation as its account sees it. */
export type CleaningReservation = NonNullable<ReturnType<typeof shown>>;

export const cleaningReservationsView: View<CleaningReservationRow, CleaningReservation> = {
  name: 'CLEANING_RESERVATION',
  table: 'CleaningReservationRow',
  blank: (row) => ({
    ...row,
    status: null,
    title: null,
    minutes: null,
    amount: null,
    place: null,
    cleaningAt: null,
    cancellationRejectedReason: null,
    cancellationRejectedAt: null,
    reservedAt: null,
    confirmedAt: null,
    doneAt: null,
    cancelledAt: null,
    paymentId: null,
    paymentStatus: null,
    refunded: 0,
    cleaningId: null,
    cleaningStatus: null,
  }),
  projections,
  shown,
};

export interface CleaningReservationsArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly status?: CleaningReservationStatus | null | undefined;
}

/** Which cleanings were reserved, and where do they stand? */
export function cleaningReservations(prisma: PrismaClient) {
  async function list(accountId: string | undefined, { first, after, status }: CleaningReservationsArguments) {
    const { take, cursorId } = pageOf({ first, after });
    const rows = await prisma.cleaningReservationRow.findMany({
      where: {
        accountId,
        reservedAt: { not: null },
        status: status ?? undefined,
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
    ofAccount: (accountId: string, args: CleaningReservationsArguments) => list(accountId, args),
    ofEverybody: (args: CleaningReservationsArguments) => list(undefined, args),

    async one(id: string): Promise<CleaningReservation | null> {
      const row = await prisma.cleaningReservationRow.findUnique({ where: { id } });
      return row && shown(row);
    },
  };
}

export type CleaningReservations = ReturnType<typeof cleaningReservations>;
