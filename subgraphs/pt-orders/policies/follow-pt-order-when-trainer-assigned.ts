import { policy } from '@madang/kernel/domain';
import { TrainerAssigned } from '@madang/pt-managers/events';

/** Who is to give the lesson may see the order. */
export const followPtOrderWhenTrainerAssigned = policy('follow-pt-order-when-trainer-assigned', TrainerAssigned, ({ data }) => ({
  orderId: data.orderId,
  progress: 'TRAINER_ASSIGNED' as const,
  trainerId: data.trainerId,
}));
