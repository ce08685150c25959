import { defineEvent, type EventOf, id, instant, krw, reference } from '@madang/kernel/domain';
import { z } from 'zod';

/** What can be bought: one rental of at most an hour, or of at most a day. */
export const ticketType = z.enum(['ONE_HOUR', 'ONE_DAY']);
export type TicketType = z.infer<typeof ticketType>;

/** `revision` counts a ticket's changes: of two events of one ticket, the higher tells how it is. */
const of = { ticketId: id, accountId: reference, revision: z.int().positive(), at: instant };

const example = {
  ticketId: '01936d5e-0000-7000-8000-000000000f01',
  accountId: '01900000-0000-7000-8000-000000000001',
  at: '2026-11-20T06:00:00.000Z',
};
const rentalId = '01936d5e-0000-7000-8000-000000000f11';

const ofTicket = { context: 'tickets', aggregate: 'ticket', version: 1, key: (data: { ticketId: string }) => data.ticketId };

/** A ticket was bought and paid (이용권 구매): it is AVAILABLE. */
export const TicketPurchased = defineEvent({
  ...ofTicket,
  name: 'TicketPurchased',
  payload: z.object({
    ...of,
    type: ticketType,
    amount: krw,
    /** Until when a rental may begin. */
    validUntil: instant,
    /** How long that rental may last. */
    usingMinutes: z.int().positive(),
    paymentId: reference,
  }),
  examples: [
    {
      ...example,
      revision: 1,
      type: 'ONE_HOUR',
      amount: 1_000,
      validUntil: '2026-12-20T06:00:00.000Z',
      usingMinutes: 60,
      paymentId: '01936d5e-0000-7000-8000-0000000000c1',
    },
  ],
});

/** A rental has it (사용됨). */
export const TicketUsed = defineEvent({
  ...ofTicket,
  name: 'TicketUsed',
  payload: z.object({ ...of, rentalId: reference }),
  examples: [{ ...example, revision: 2, rentalId }],
});

/** The rental that had it did not come about: it is AVAILABLE again (사용 취소). */
export const TicketReleased = defineEvent({
  ...ofTicket,
  name: 'TicketReleased',
  payload: z.object({ ...of, rentalId: reference }),
  examples: [{ ...example, revision: 3, rentalId }],
});

/** Nothing was rented with it in time (만료). */
export const TicketExpired = defineEvent({
  ...ofTicket,
  name: 'TicketExpired',
  payload: z.object(of),
  examples: [{ ...example, revision: 2, at: '2026-12-20T06:00:00.000Z' }],
});

/** Its payment was cancelled (무효): nothing can be rented with it. */
export const TicketVoided = defineEvent({
  ...ofTicket,
  name: 'TicketVoided',
  payload: z.object(of),
  examples: [{ ...example, revision: 2 }],
});

export type TicketEvent =
  | EventOf<typeof TicketPurchased>
  | EventOf<typeof TicketUsed>
  | EventOf<typeof TicketReleased>
  | EventOf<typeof TicketExpired>
  | EventOf<typeof TicketVoided>;
