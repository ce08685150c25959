import { TextbookApplicationPaid } from '@madang/applications/events';
import { policy } from '@madang/kernel/domain';

/** Books go out when they are paid, not before. */
export const startDeliveryWhenApplicationPaid = policy(
  'start-delivery-when-application-paid',
  TextbookApplicationPaid,
  ({ data: { accountId, applicationId, title, quantity, address } }) => ({ accountId, applicationId, title, quantity, address }),
);
