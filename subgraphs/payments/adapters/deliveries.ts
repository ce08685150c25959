import { Refused } from '@madang/kernel/domain';
import type { Edge } from '@madang/kernel/resilience';
import { CancelDeliveryDocument } from '../generated/deliveries.ts';
import type { Deliveries } from '../ports.ts';

/** Deliveries, by calling their context. */
export const calledDeliveries = (edge: Edge): Deliveries => ({
  async cancel({ accountId, applicationId }, cause) {
    try {
      await edge.call(CancelDeliveryDocument, { input: { accountId, applicationId, idempotencyKey: applicationId } }, cause);
      return 'CANCELLED';
    } catch (error) {
      if (error instanceof Refused && error.code === 'ALREADY_DELIVERED') return 'ALREADY_DELIVERED';
      throw error;
    }
  },
});
