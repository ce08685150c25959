import type { Aggregate } from '@madang/kernel/domain';
import type { TextbookApplicationEvent } from '../events.ts';

/** Where textbooks are delivered to. */
export interface Address {
  readonly recipient: string;
  readonly phone: string;
  readonly postalCode: string;
  readonly line1: string;
  readonly line2?: string | undefined;
}

/** What was applied for; never changes. */
interface Order {
  readonly id: string;
  readonly accountId: string;
  readonly bookId: string;
  readonly title: string;
  readonly quantity: number;
  /** Korean won for all copies, at the price when it was applied for. */
  readonly amount: number;
  readonly address: Address;
  readonly appliedAt: Date;
}

/** Where it stands: only what was rejected has a reason, only what is delivered can have had its cancellation rejected. */
type Standing =
  | { readonly status: 'APPLIED' | 'PAYMENT_DEFERRED' | 'PAID' | 'DELIVERING' | 'CANCELLING' | 'CANCELLED' }
  | { readonly status: 'DELIVERED'; readonly cancellationRejectedReason: string | null }
  /** `kept` false: the student was refused at once and never sees it. */
  | { readonly status: 'REJECTED' | 'EXPIRED'; readonly rejectedReason: string; readonly kept: boolean };

/** An application for textbooks (교재 신청). */
export type TextbookApplication = Order &
  Standing & { readonly paymentId: string | null; readonly deliveryId: string | null; readonly updatedAt: Date };

export type TextbookApplicationStatus = TextbookApplication['status'];

/** The fields of an application without its status, so that no field of another status stays behind. */
function orderOf(state: TextbookApplication) {
  const { id, accountId, bookId, title, quantity, amount, address, appliedAt, paymentId, deliveryId } = state;
  return { id, accountId, bookId, title, quantity, amount, address, appliedAt, paymentId, deliveryId };
}

export const textbookApplication: Aggregate<TextbookApplication, TextbookApplicationEvent> = {
  name: 'textbook application',
  evolve(state, event) {
    const updatedAt = new Date(event.data.at);
    if (event.name === 'TextbookApplied') {
      const { applicationId: id, at: _, ...applied } = event.data;
      return { ...applied, id, status: 'APPLIED', paymentId: null, deliveryId: null, appliedAt: updatedAt, updatedAt };
    }
    if (state === null) throw new TypeError(`${event.name} before TextbookApplied`);
    const order = { ...orderOf(state), updatedAt };
    switch (event.name) {
      case 'TextbookPaymentDeferred':
        return { ...order, status: 'PAYMENT_DEFERRED' };
      case 'TextbookApplicationPaid':
        return { ...order, status: 'PAID', paymentId: event.data.paymentId };
      case 'TextbookApplicationRejected': {
        const { status, reason, kept, paymentId = order.paymentId } = event.data;
        return { ...order, status, rejectedReason: reason, kept, paymentId };
      }
      case 'TextbookCancellationRequested':
        return { ...order, status: 'CANCELLING' };
      case 'TextbookApplicationDelivering':
        return { ...order, status: 'DELIVERING', deliveryId: event.data.deliveryId };
      case 'TextbookApplicationDelivered':
        return { ...order, status: 'DELIVERED', cancellationRejectedReason: null, deliveryId: event.data.deliveryId };
      case 'TextbookCancellationRejected': {
        const { status, reason, deliveryId = order.deliveryId } = event.data;
        return { ...order, status, cancellationRejectedReason: reason, deliveryId };
      }
      case 'TextbookApplicationCancelled':
        return { ...order, status: 'CANCELLED', paymentId: event.data.paymentId ?? order.paymentId };
    }
  },
};
