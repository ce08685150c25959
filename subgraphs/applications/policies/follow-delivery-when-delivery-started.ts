import { DeliveryStarted } from '@madang/deliveries/events';
import { policy } from '@madang/kernel/domain';

/** The student sees that the books are on their way. */
export const followDeliveryWhenDeliveryStarted = policy('follow-delivery-when-delivery-started', DeliveryStarted, ({ data }) => ({
  applicationId: data.applicationId,
  deliveryId: data.deliveryId,
  progress: 'STARTED' as const,
}));
