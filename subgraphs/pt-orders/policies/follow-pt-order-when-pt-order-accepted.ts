import { policy } from '@madang/kernel/domain';
import { PtOrderAccepted } from '@madang/pt-managers/events';

/** The managers have taken it in: the customer's order is accepted. */
export const followPtOrderWhenPtOrderAccepted = policy('follow-pt-order-when-pt-order-accepted', PtOrderAccepted, ({ data }) => ({
  orderId: data.orderId,
  progress: 'ACCEPTED' as const,
  assignmentId: data.assignmentId,
}));
