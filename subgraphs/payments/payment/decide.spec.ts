import { service, user } from '@madang/kernel/domain';
import { given } from '@madang/kernel/testing';
import { describe, expect, it } from 'vitest';
import { PaymentApproved, PaymentCancelled, PaymentCancelling, PaymentDeclined } from '../events.ts';
import { decideApprove, decideBeginRefund, decideCancel, decideRecordCharge, decideRecordRefund } from './decide.ts';
import { payment, paymentRequested } from './payment.ts';

const now = new Date('2026-11-20T06:00:00Z');
const applications = { actor: service('applications'), now };
const paymentId = '01936d5e-0000-7000-8000-0000000000c1';
const order = {
  accountId: 'student',
  context: 'applications',
  reference: 'application-1',
  idempotencyKey: 'application-1',
  amount: 36_000,
  orderName: '수학의 정석 2권',
};
const method = { kind: 'CREDIT_CARD' as const, last4: '4242', billingKeyId: 'key-1', billingKeyRevision: 1 };
const facts = {
  paymentId,
  accountId: 'student',
  context: 'applications',
  reference: 'application-1',
  amount: 36_000,
  at: now.toISOString(),
};

const requested = paymentRequested({ ...order, id: paymentId, method, requestedAt: now });
const approved = PaymentApproved({ ...facts, orderName: order.orderName, method: { kind: 'CREDIT_CARD', last4: '4242' } });
const declined = PaymentDeclined({ ...facts, reason: 'INSUFFICIENT_FUNDS' });
const cancelling = PaymentCancelling(facts);
const cancelled = PaymentCancelled({ ...facts, refunded: 36_000 });
const tombstone = PaymentCancelled({ ...facts, amount: 0, refunded: 0 });

const approve = { ...order, paymentId, method };
const cancel = { accountId: 'student', context: 'applications', reference: 'application-1', idempotencyKey: 'event-1', paymentId };

describe('a payment is asked for', () => {
  it('and is charged to the default method', () => given(payment, []).when(decideApprove, approve, applications).then(requested));
  it('but not without a payment method', () =>
    given(payment, [])
      .when(decideApprove, { ...approve, method: null }, applications)
      .thenRefused('PAYMENT_METHOD_REQUIRED'));
  it('but only by another context', () =>
    given(payment, [])
      .when(decideApprove, approve, { actor: user('student', 'ADMIN') })
      .thenRefused('FORBIDDEN'));
  it('once: whatever became of it stays', () => {
    for (const past of [
      [requested],
      [requested, approved],
      [requested, declined],
      [requested, approved, cancelling, cancelled],
      [tombstone],
    ])
      given(payment, past).when(decideApprove, approve, applications).thenNothing();
  });
  it('once, even if the method is gone by then', () =>
    given(payment, [requested, approved])
      .when(decideApprove, { ...approve, method: null }, applications)
      .thenNothing());
  it('but never for something else by the same reference or key', () => {
    const there = given(payment, [requested, approved]);
    there.when(decideApprove, { ...approve, amount: 1 }, applications).thenRefused('IDEMPOTENCY_CONFLICT', { field: 'amount' });
    there.when(decideApprove, { ...approve, accountId: 'other' }, applications).thenRefused('IDEMPOTENCY_CONFLICT', { field: 'reference' });
    there
      .when(decideApprove, { ...approve, reference: 'application-2' }, applications)
      .thenRefused('IDEMPOTENCY_CONFLICT', { field: 'idempotencyKey' });
    given(payment, [tombstone])
      .when(decideApprove, { ...approve, accountId: 'other' }, applications)
      .thenRefused('IDEMPOTENCY_CONFLICT');
  });
});

describe("the processor's answer", () => {
  it('approves', () => given(payment, [requested]).when(decideRecordCharge, { approved: true }, { now }).then(approved));
  it('declines with the reason', () =>
    given(payment, [requested]).when(decideRecordCharge, { approved: false, reason: 'INSUFFICIENT_FUNDS' }, { now }).then(declined));
  it('counts once, and no more after a cancellation', () => {
    for (const past of [
      [],
      [requested, approved],
      [requested, declined],
      [requested, cancelling],
      [requested, cancelling, cancelled],
      [tombstone],
    ])
      given(payment, past).when(decideRecordCharge, { approved: true }, { now }).thenNothing();
  });
});

describe('a payment is cancelled', () => {
  it('before it was asked for: a tombstone', () => given(payment, []).when(decideCancel, cancel, applications).then(tombstone));
  it('before the processor has answered', () => given(payment, [requested]).when(decideCancel, cancel, applications).then(cancelling));
  it('after the approval, once its delivery is stopped', () => {
    given(payment, [requested, approved]).when(decideCancel, cancel, applications).thenNothing();
    given(payment, [requested, approved]).when(decideBeginRefund, {}, { now }).then(cancelling);
  });
  it('after the approval, at once where nothing is delivered', () => {
    const of = { ...facts, context: 'tickets', reference: 'ticket-1' };
    const past = [
      paymentRequested({ ...order, id: paymentId, context: 'tickets', reference: 'ticket-1', method, requestedAt: now }),
      PaymentApproved({ ...of, orderName: order.orderName, method: { kind: 'CREDIT_CARD', last4: '4242' } }),
    ];
    given(payment, past)
      .when(decideCancel, { ...cancel, context: 'tickets', reference: 'ticket-1' }, applications)
      .then(PaymentCancelling(of));
  });
  it('once', () => {
    for (const past of [[requested, declined], [requested, cancelling], [requested, approved, cancelling, cancelled], [tombstone]])
      given(payment, past).when(decideCancel, cancel, applications).thenNothing();
  });
  it('never for another account, never by a customer', () => {
    given(payment, [requested, approved])
      .when(decideCancel, { ...cancel, accountId: 'other' }, applications)
      .thenRefused('IDEMPOTENCY_CONFLICT');
    given(payment, [requested, approved])
      .when(decideCancel, cancel, { actor: user('student') })
      .thenRefused('FORBIDDEN');
  });
});

describe('the money is back', () => {
  it('and the payment cancelled', () =>
    given(payment, [requested, approved, cancelling]).when(decideRecordRefund, { refunded: 36_000 }, { now }).then(cancelled));
  it('or had never been taken', () =>
    given(payment, [requested, cancelling])
      .when(decideRecordRefund, { refunded: 0 }, { now })
      .then(PaymentCancelled({ ...facts, refunded: 0 })));
  it('once', () =>
    given(payment, [requested, approved, cancelling, cancelled]).when(decideRecordRefund, { refunded: 36_000 }, { now }).thenNothing());
});

describe('what a payment remembers', () => {
  it('when it was approved, and what was given back', () =>
    expect(given(payment, [requested, approved, cancelling, cancelled]).state).toMatchObject({
      status: 'CANCELLED',
      approvedAt: now,
      refunded: 36_000,
      cancelledAt: now,
    }));
  it('that nobody knew whether it was charged', () =>
    expect(given(payment, [requested, cancelling]).state).toMatchObject({ status: 'CANCELLING', approvedAt: null }));
});
