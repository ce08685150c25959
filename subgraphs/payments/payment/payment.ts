import { type Aggregate, defineFact, type Fact } from '@madang/kernel/domain';
import type { z } from 'zod';
import type { chargedMethodKind, declineReason, PublishedPaymentEvent } from '../events.ts';

/** What was charged, or would have been. */
export interface Method {
  readonly kind: z.infer<typeof chargedMethodKind>;
  readonly last4: string;
  readonly billingKeyId: string;
  /** Which number of that billing key: another one is charged only for another payment. */
  readonly billingKeyRevision: number;
}

interface Reference {
  readonly id: string;
  readonly accountId: string;
  readonly context: string;
  readonly reference: string;
  readonly requestedAt: Date;
}

interface Order extends Reference {
  readonly amount: number;
  readonly orderName: string;
  readonly method: Method;
  readonly idempotencyKey: string;
}

/** Cancelled before it was asked for. */
export interface Tombstone extends Reference {
  readonly status: 'CANCELLED';
  readonly amount: 0;
  readonly orderName: null;
  readonly refunded: 0;
  readonly cancelledAt: Date;
}

export type Payment =
  /** Asked for; whether it is charged the processor has not said yet. Not shown to anybody. */
  | (Order & { readonly status: 'REQUESTED' })
  | (Order & { readonly status: 'APPROVED'; readonly approvedAt: Date })
  | (Order & { readonly status: 'DECLINED'; readonly declineReason: z.infer<typeof declineReason> })
  /** To be given back, if it was charged at all: with `approvedAt` null, nobody knows yet. */
  | (Order & { readonly status: 'CANCELLING'; readonly approvedAt: Date | null })
  | (Order & { readonly status: 'CANCELLED'; readonly approvedAt: Date | null; readonly refunded: number; readonly cancelledAt: Date })
  | Tombstone;

export type PaymentRequested = Fact<'PaymentRequested', Order>;
/** Others hear of a payment when it is charged or declined. */
export const paymentRequested = defineFact<PaymentRequested>('PaymentRequested');

export type PaymentEvent = PaymentRequested | PublishedPaymentEvent;

export const isTombstone = (payment: Payment): payment is Tombstone => payment.orderName === null;

export const payment: Aggregate<Payment, PaymentEvent> = {
  name: 'payment',
  evolve(state, event) {
    if (event.name === 'PaymentRequested') return { ...event.data, status: 'REQUESTED' };
    const at = new Date(event.data.at);
    if (state === null) return tombstone(event, at);
    if (isTombstone(state)) return state;
    switch (event.name) {
      case 'PaymentApproved':
        return { ...order(state), status: 'APPROVED', approvedAt: at };
      case 'PaymentDeclined':
        return { ...order(state), status: 'DECLINED', declineReason: event.data.reason };
      case 'PaymentCancelling':
        return { ...order(state), status: 'CANCELLING', approvedAt: approvedAt(state) };
      case 'PaymentCancelled':
        return { ...order(state), status: 'CANCELLED', approvedAt: approvedAt(state), refunded: event.data.refunded, cancelledAt: at };
    }
  },
};

function tombstone({ name, data }: PublishedPaymentEvent, at: Date): Payment {
  if (name !== 'PaymentCancelled') throw new TypeError(`${name} without a payment`);
  const { paymentId, accountId, context, reference } = data;
  return {
    id: paymentId,
    accountId,
    context,
    reference,
    requestedAt: at,
    status: 'CANCELLED',
    amount: 0,
    orderName: null,
    refunded: 0,
    cancelledAt: at,
  };
}

const order = ({ id, accountId, context, reference, requestedAt, amount, orderName, method, idempotencyKey }: Order): Order => ({
  id,
  accountId,
  context,
  reference,
  requestedAt,
  amount,
  orderName,
  method,
  idempotencyKey,
});

const approvedAt = (state: Payment): Date | null => ('approvedAt' in state ? state.approvedAt : null);
