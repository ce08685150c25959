import { type Aggregate, defineFact, type Fact } from '@madang/kernel/domain';
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

type PaymentKnown = Fact<'PaymentKnown', { readonly paymentId: string }>;
type DeliveryKnown = Fact<'DeliveryKnown', { readonly deliveryId: string }>;

/** Which payment it is: for one that does not become PAID by it. */
export const paymentKnown = defineFact<PaymentKnown>('PaymentKnown');
/** Which delivery it is: for one that does not become DELIVERING by it. */
export const deliveryKnown = defineFact<DeliveryKnown>('DeliveryKnown');

/** All that happens to an application; the facts stay inside. */
export type TextbookApplicationChange = TextbookApplicationEvent | PaymentKnown | DeliveryKnown;

export const textbookApplication: Aggregate<TextbookApplication, TextbookApplicationChange> = {
  name: 'textbook application',
  evolve(state, event) {
    if (event.name === 'TextbookApplied') {
      const { applicationId: id, at, ...applied } = event.data;
      return { ...applied, id, status: 'APPLIED', paymentId: null, deliveryId: null, appliedAt: new Date(at), updatedAt: new Date(at) };
    }
    if (state === null) throw new TypeError(`${event.name} before TextbookApplied`);
    if (event.name === 'PaymentKnown' || event.name === 'DeliveryKnown') return { ...state, ...event.data };
    const order = { ...orderOf(state), updatedAt: new Date(event.data.at) };
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
