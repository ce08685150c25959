import { DeliveryCompleted } from '@madang/deliveries/events';
import { policy } from '@madang/kernel/domain';

/** What has been handed over cannot be cancelled any more. */
export const followDeliveryWhenDeliveryCompleted = policy('follow-delivery-when-delivery-completed', DeliveryCompleted, ({ data }) => ({
  applicationId: data.applicationId,
  deliveryId: data.deliveryId,
  progress: 'COMPLETED' as const,
}));
