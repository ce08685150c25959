import { CleaningCancelled } from '@madang/cleanings/events';
import { type InputOf, policy } from '@madang/kernel/domain';
import type { cancelPayment } from '../payment/commands.ts';

/** Who paid for a cleaning that will not be gets the money back. The reservation is what was paid for. */
export const cancelPaymentWhenCleaningCancelled = policy(
  'cancel-payment-when-cleaning-cancelled',
  CleaningCancelled,
  ({ id, data }): InputOf<typeof cancelPayment> => ({
    accountId: data.accountId,
    context: 'reservations',
    reference: data.reservationId,
    idempotencyKey: id,
  }),
);
