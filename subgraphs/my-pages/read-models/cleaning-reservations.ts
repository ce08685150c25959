import * as cleanings from '@madang/cleanings/events';
import * as reservations from '@madang/reservations/events';
import { Prisma } from '../generated/prisma/browser.ts';
import type { CleaningReservationRow, CleaningReservationStatus, PrismaClient } from '../generated/prisma/client.ts';
import { lifecycle, rejected } from './lifecycle.ts';
import { listing, type StatusArguments } from './listing.ts';
import { paymentsOf } from './payment.ts';
import { blankOf, known } from './rows.ts';
import { projectionsOf, type View } from './view.ts';

// A status that ends a reservation is followed by no other one.
const status = lifecycle('status', { RESERVED: 0, CONFIRMED: 1, CANCELLING: 2, DONE: 3, CANCELLED: 3 });
const cleaningStatus = lifecycle('cleaningStatus', { REQUESTED: 0, CONFIRMED: 1, DONE: 2, CANCELLED: 2 });

const on = projectionsOf<CleaningReservationRow>();
const own = ({ reservationId }: { readonly reservationId: string }) => reservationId;

const projections = [
  on(reservations.CleaningReserved, own, (row, { accountId, title, minutes, amount, place, cleaningAt }, at) => ({
    accountId,
    title,
    minutes,
    amount,
    place,
    cleaningAt: new Date(cleaningAt),
    reservedAt: at,
    ...status(row, 'RESERVED'),
  })),
  on(reservations.CleaningReservationConfirmed, own, (row, _, at) => ({ ...status(row, 'CONFIRMED'), confirmedAt: at })),
  on(reservations.CleaningReservationDone, own, (row) => status(row, 'DONE')),
  on(reservations.CleaningCancellationRequested, own, (row) => status(row, 'CANCELLING')),
  on(reservations.CleaningCancellationRejected, own, (row, data, at) => ({
    ...status(row, data.status),
    ...rejected(row, data.reason, at),
  })),
  on(reservations.CleaningReservationCancelled, own, (row, _, at) => ({ ...status(row, 'CANCELLED'), cancelledAt: at })),
  ...paymentsOf('reservations'),
  on(cleanings.CleaningRequested, own, (row, { cleaningId }) => ({ cleaningId, ...cleaningStatus(row, 'REQUESTED') })),
  on(cleanings.CleaningConfirmed, own, (row, { cleaningId }) => ({ cleaningId, ...cleaningStatus(row, 'CONFIRMED') })),
  on(cleanings.CleaningCompleted, own, (row, { cleaningId }, at) => ({ cleaningId, ...cleaningStatus(row, 'DONE'), doneAt: at })),
  on(cleanings.CleaningCancelled, own, (row, { cleaningId }) => ({ cleaningId, ...cleaningStatus(row, 'CANCELLED') })),
];

/** Its payment or cleaning may be heard of before the reservation itself; a payment for which there never is one was given back. */
function shown({ version, ...row }: CleaningReservationRow) {
  const all = known(row, 'status', 'title', 'minutes', 'amount', 'place', 'cleaningAt', 'reservedAt');
  return all && { ...all, __typename: 'MyPageCleaningReservation' as const };
}

/** A cleaning reservation as its account sees it. */
export type CleaningReservation = NonNullable<ReturnType<typeof shown>>;

export const cleaningReservationsView: View<CleaningReservationRow, CleaningReservation> = {
  name: 'CLEANING_RESERVATION',
  table: 'CleaningReservationRow',
  blank: blankOf<CleaningReservationRow>(Prisma.CleaningReservationRowScalarFieldEnum, { refunded: 0 }),
  projections,
  shown,
};

/** Which cleanings were reserved, and where do they stand? */
export const cleaningReservations = (prisma: PrismaClient) =>
  listing(cleaningReservationsView, prisma.cleaningReservationRow, ({ status }: StatusArguments<CleaningReservationStatus>) => ({
    reservedAt: { not: null },
    status: status ?? undefined,
  }));
