import { policy } from '@madang/kernel/domain';
import { PaymentApproved } from '@madang/payments/events';

/** The approval may come when the purchase has been given up: the money goes back. */
export const checkApprovalWhenPaymentApproved = policy('check-approval-when-payment-approved', PaymentApproved, ({ data }) =>
  data.context === 'tickets' ? { ticketId: data.reference, accountId: data.accountId } : null,
);
