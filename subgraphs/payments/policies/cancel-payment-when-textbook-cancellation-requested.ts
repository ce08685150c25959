import { TextbookCancellationRequested } from '@madang/applications/events';
import { type InputOf, policy } from '@madang/kernel/domain';
import type { cancelPayment } from '../payment/commands.ts';

/** A student who cancels gets the money back; one who has not paid yet will not pay. */
export const cancelPaymentWhenTextbookCancellationRequested = policy(
  'cancel-payment-when-textbook-cancellation-requested',
  TextbookCancellationRequested,
  ({ id, context, data }): InputOf<typeof cancelPayment> => ({
    accountId: data.accountId,
    context,
    reference: data.applicationId,
    idempotencyKey: id,
  }),
);
