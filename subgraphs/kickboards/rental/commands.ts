import { defineCommand, id, idempotencyKey, instant, reference } from '@madang/kernel/domain';
import { z } from 'zod';
import { place } from '../kickboard/commands.ts';

export const rentKickboard = defineCommand(
  'rentKickboard',
  z.object({ kickboardId: id, ticketId: id, idempotencyKey: idempotencyKey.nullish() }),
);

export const returnKickboard = defineCommand('returnKickboard', z.object({ rentalId: id, ...place }));

/** What tickets told of a ticket; `revision` counts its changes. What only the purchase tells is left out by the others. */
export const hearOfTicket = defineCommand(
  'hearOfTicket',
  z.object({
    ticketId: reference,
    accountId: reference,
    revision: z.int(),
    status: z.enum(['AVAILABLE', 'USED', 'EXPIRED', 'VOIDED']),
    rentalId: reference.nullish(),
    validUntil: instant.nullish(),
    usingMinutes: z.int().nullish(),
  }),
);
