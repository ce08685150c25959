import { defineEvent, type EventOf, id, instant, krw, reference } from '@madang/kernel/domain';
import { z } from 'zod';

const of = {
  reservationId: id,
  accountId: reference,
  /** The plan's name when it was reserved. */
  title: z.string(),
  /** When the cleaning is to begin. */
  cleaningAt: instant,
  at: instant,
};
const example = {
  reservationId: '01936d5e-0000-7000-8000-0000000000e1',
  accountId: '01900000-0000-7000-8000-000000000001',
  title: '원룸 청소',
  cleaningAt: '2026-11-25T01:00:00.000Z',
  at: '2026-11-20T06:00:00.000Z',
};

const ofReservation = {
  context: 'reservations',
  aggregate: 'cleaning-reservation',
  version: 1,
  key: (data: { reservationId: string }) => data.reservationId,
};

/** A cleaning is reserved (예약됨), and paid; all that it takes to clean. */
export const CleaningReserved = defineEvent({
  ...ofReservation,
  name: 'CleaningReserved',
  payload: z.object({ ...of, planId: id, minutes: z.int().positive(), amount: krw, place: z.string(), paymentId: reference }),
  examples: [
    {
      ...example,
      planId: '01900000-0000-7000-8000-0000000d0001',
      minutes: 120,
      amount: 49_000,
      place: '서울특별시 마포구 월드컵북로 1, 302호',
      paymentId: '01936d5e-0000-7000-8000-0000000000c2',
    },
  ],
});

/** A manager has confirmed it (예약 확정). */
export const CleaningReservationConfirmed = defineEvent({
  ...ofReservation,
  name: 'CleaningReservationConfirmed',
  payload: z.object(of),
  examples: [example],
});

/** It has been cleaned (청소 완료). */
export const CleaningReservationDone = defineEvent({
  ...ofReservation,
  name: 'CleaningReservationDone',
  payload: z.object(of),
  examples: [example],
});

/** The customer wants it cancelled (취소 요청); whether it is, cleanings say. */
export const CleaningCancellationRequested = defineEvent({
  ...ofReservation,
  name: 'CleaningCancellationRequested',
  payload: z.object(of),
  examples: [example],
});

/** It cannot be cancelled (취소 거절): it is, or has meanwhile been, cleaned; the payment stands. */
export const CleaningCancellationRejected = defineEvent({
  ...ofReservation,
  name: 'CleaningCancellationRejected',
  payload: z.object({ ...of, status: z.literal('DONE'), reason: z.string() }),
  examples: [{ ...example, status: 'DONE', reason: 'ALREADY_DONE' }],
});

/** It is cancelled (취소됨): the cleaning is called off, and then the payment was cancelled. */
export const CleaningReservationCancelled = defineEvent({
  ...ofReservation,
  name: 'CleaningReservationCancelled',
  payload: z.object(of),
  examples: [example],
});

export type CleaningReservationEvent =
  | EventOf<typeof CleaningReserved>
  | EventOf<typeof CleaningReservationConfirmed>
  | EventOf<typeof CleaningReservationDone>
  | EventOf<typeof CleaningCancellationRequested>
  | EventOf<typeof CleaningCancellationRejected>
  | EventOf<typeof CleaningReservationCancelled>;
