import { defineCommand, id, idempotencyKey, reference } from '@madang/kernel/domain';
import { z } from 'zod';
import { ticketType } from './events.ts';

export const purchaseTicket = defineCommand(
  'purchaseTicket',
  z.object({
    type: ticketType,
    phone: z
      .string()
      .trim()
      .regex(/^01\d-?\d{3,4}-?\d{4}$/, 'must be a Korean mobile telephone number')
      .transform((phone) => phone.replaceAll('-', '')),
    idempotencyKey: idempotencyKey.nullish(),
  }),
);

/** Internal: the rental's id is what makes it one request. */
export const redeemTicket = defineCommand(
  'redeemTicket',
  z.object({ accountId: reference, ticketId: id, rentalId: reference, rentedAt: z.coerce.date(), idempotencyKey }),
);

/** Internal: the rental's id is what makes it one request. */
export const releaseTicket = defineCommand(
  'releaseTicket',
  z.object({ accountId: reference, ticketId: id, rentalId: reference, idempotencyKey }),
);

/** Its payment was cancelled, whoever asked for that. */
export const followPayment = defineCommand('followPayment', z.object({ ticketId: reference }));

/** Money was taken for a ticket: it is to be there. */
export const checkApproval = defineCommand('checkApproval', z.object({ ticketId: reference, accountId: reference }));
