import { type Decide, type InputOf, notFound, Refused, requireRole, requireService } from '@madang/kernel/domain';
import type { cancelDelivery, completeDelivery, startDelivery } from './commands.ts';
import type { Delivery } from './delivery.ts';
import { DeliveryCancelled, DeliveryCompleted, type DeliveryEvent, DeliveryStarted } from './events.ts';

type Decision<Input> = Decide<Delivery, Input, DeliveryEvent>;
/** The id that a delivery gets if there is none yet. */
type New = { readonly newId: string };

/** What there is not, when there is not, or it is another's. */
export const WHAT = 'The delivery';

/** `state` is the application's delivery: one that was cancelled, even before, is never started. */
export const decideStart: Decision<InputOf<typeof startDelivery> & New> = (state, { newId, ...parcel }, { now }) =>
  state === null ? [DeliveryStarted({ deliveryId: newId, ...parcel, at: now.toISOString() })] : [];

/** `state` is the application's delivery. What is not there yet is cancelled for good. */
export const decideCancel: Decision<InputOf<typeof cancelDelivery> & New> = (
  state,
  { newId, accountId, applicationId },
  { actor, now },
) => {
  requireService(actor);
  const at = now.toISOString();
  if (state === null) return [DeliveryCancelled({ deliveryId: newId, accountId, applicationId, started: false, at })];
  if (state.accountId !== accountId) throw notFound(WHAT);
  switch (state.status) {
    case 'DELIVERING':
      return [DeliveryCancelled({ deliveryId: state.id, accountId, applicationId, started: true, at })];
    case 'CANCELLED':
      return [];
    case 'DELIVERED':
      throw new Refused('ALREADY_DELIVERED', 'It has been handed over. 이미 배송이 완료되었습니다.');
  }
};

export const decideComplete: Decision<InputOf<typeof completeDelivery>> = (state, _, { actor, now }) => {
  requireRole(actor, 'MANAGER');
  if (state === null) throw notFound(WHAT);
  const { id, accountId, applicationId } = state;
  switch (state.status) {
    case 'DELIVERING':
      return [DeliveryCompleted({ deliveryId: id, accountId, applicationId, at: now.toISOString() })];
    case 'CANCELLED':
      throw new Refused('DELIVERY_CANCELLED', 'It has been cancelled. 취소된 배송입니다.');
    case 'DELIVERED':
      return [];
  }
};
