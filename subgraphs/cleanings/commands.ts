import { defineCommand, id, instant, reference } from '@madang/kernel/domain';
import { z } from 'zod';

/** By policy: a cleaning is reserved, and paid. */
export const requestCleaning = defineCommand(
  'requestCleaning',
  z.object({ accountId: reference, reservationId: reference, title: z.string(), place: z.string(), cleaningAt: instant }),
);

/** By policy: the customer wants it cancelled. */
export const cancelCleaning = defineCommand('cancelCleaning', z.object({ accountId: reference, reservationId: reference }));

export const confirmCleaning = defineCommand('confirmCleaning', z.object({ cleaningId: id }));

export const completeCleaning = defineCommand('completeCleaning', z.object({ cleaningId: id }));
