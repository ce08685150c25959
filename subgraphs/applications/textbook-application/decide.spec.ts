import { anonymous, service, user } from '@madang/kernel/domain';
import { given } from '@madang/kernel/testing';
import { describe, expect, it } from 'vitest';
import {
  TextbookApplicationCancelled,
  TextbookApplicationDelivered,
  TextbookApplicationDelivering,
  TextbookApplicationPaid,
  TextbookApplicationRejected,
  TextbookApplied,
  TextbookCancellationRejected,
  TextbookCancellationRequested,
  TextbookPaymentDeferred,
} from '../events.ts';
import { applyForTextbook, cancelTextbookApplication } from './commands.ts';
import {
  decideApply,
  decideCancel,
  decideDefer,
  decideExpire,
  decideFollowDelivery,
  decideSettlePayment,
  isOverdue,
  isToGiveBack,
} from './decide.ts';
import { deliveryKnown, paymentKnown, type TextbookApplicationChange, textbookApplication } from './textbook-application.ts';

const applicationId = '01936d5e-0000-7000-8000-0000000000a1';
const accountId = '01900000-0000-7000-8000-000000000001';
const [paymentId, deliveryId] = ['p1', 'd1'];
const book = {
  id: '01900000-0000-7000-8000-0000000b0001',
  isbn: '9791100000014',
  title: '수학의 정석',
  author: '홍성대',
  publisher: '마당',
  price: 18_000,
};
const address = { recipient: '김하늘', phone: '010-1234-5678', postalCode: '04524', line1: '세종대로 110' };
const now = new Date('2026-11-20T06:00:00Z');
const of = { applicationId, accountId, at: now.toISOString() };
const order = { bookId: book.id, title: book.title, quantity: 2, amount: 36_000, address };

const student = { now, actor: user(accountId, 'CUSTOMER') };
const ourselves = { now, actor: service('applications') };
const applied = TextbookApplied({ ...of, ...order });
const deferred = TextbookPaymentDeferred(of);
const paid = TextbookApplicationPaid({ ...of, paymentId, ...order });
const delivering = TextbookApplicationDelivering({ ...of, deliveryId });
const delivered = TextbookApplicationDelivered({ ...of, deliveryId });
const requested = TextbookCancellationRequested(of);
const cancelled = TextbookApplicationCancelled({ ...of, paymentId });
const alreadyDelivered = TextbookCancellationRejected({ ...of, status: 'DELIVERED', reason: 'ALREADY_DELIVERED', deliveryId });
const declined = TextbookApplicationRejected({ ...of, status: 'REJECTED', reason: 'INSUFFICIENT_FUNDS', kept: true, paymentId });
const noMethod = (kept: boolean) => TextbookApplicationRejected({ ...of, status: 'REJECTED', reason: 'PAYMENT_METHOD_REQUIRED', kept });
const expired = TextbookApplicationRejected({ ...of, status: 'EXPIRED', reason: 'NOT_PAID_IN_TIME', kept: true });

const having = (...events: TextbookApplicationChange[]) => given(textbookApplication, events);
const settle = (outcome: Parameters<typeof decideSettlePayment>[1]['outcome']) => ({ applicationId, outcome });
const approval = settle({ kind: 'APPROVED', paymentId });
const decline = settle({ kind: 'DECLINED', paymentId, reason: 'INSUFFICIENT_FUNDS' });
const cancellation = settle({ kind: 'CANCELLED', paymentId });
const follow = (progress: 'STARTED' | 'COMPLETED') => ({ applicationId, deliveryId, progress });

describe('applying', () => {
  const input = { applicationId, book, bookId: book.id, quantity: 2, address };

  it("costs what the catalogue says now, and is the student's own", () => {
    having().when(decideApply, input, student).then(applied);
  });

  it('is refused for a book that is not there, and for nobody in particular', () => {
    having()
      .when(decideApply, { ...input, book: null }, student)
      .thenRefused('NOT_FOUND');
    having().when(decideApply, input, { actor: anonymous }).thenRefused('UNAUTHENTICATED');
    having()
      .when(decideApply, input, { actor: service('payments') })
      .thenRefused('UNAUTHENTICATED');
  });

  it.each([
    ['bookId', { bookId: 'x' }],
    ['quantity', { quantity: 0 }],
    ['quantity', { quantity: 101 }],
    ['quantity', { quantity: 1.5 }],
    ['address.recipient', { address: { ...address, recipient: ' ' } }],
    ['address.phone', { address: { ...address, phone: '12' } }],
    ['address.postalCode', { address: { ...address, postalCode: '0452' } }],
    ['address.line1', { address: { ...address, line1: 'x'.repeat(201) } }],
    ['address.line2', { address: { ...address, line2: 'x'.repeat(201) } }],
    ['idempotencyKey', { idempotencyKey: '' }],
  ])('names %s as the field at fault: %j', (field, wrong) => {
    const right = { bookId: book.id, quantity: 2, address };
    expect(applyForTextbook.parse(right)).toEqual(right);
    expect(() => applyForTextbook.parse({ ...right, ...wrong })).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT', details: { field } }),
    );
  });

  it('takes no second line for an empty one', () => {
    expect(applyForTextbook.parse({ bookId: book.id, quantity: 1, address: { ...address, line2: null } }).address).toEqual(address);
    expect(applyForTextbook.parse({ bookId: book.id, quantity: 1, address: { ...address, line2: ' ' } }).address).toEqual(address);
  });
});

describe('paying', () => {
  it('is done when payments approve, at once or later', () => {
    having(applied).when(decideSettlePayment, approval, ourselves).then(paid);
    having(applied, deferred).when(decideSettlePayment, approval, ourselves).then(paid);
    having(applied, paid).when(decideSettlePayment, approval, ourselves).thenNothing();
  });

  it('is deferred when payments do not answer, once', () => {
    having(applied).when(decideDefer, {}, ourselves).then(deferred);
    having(applied, deferred).when(decideDefer, {}, ourselves).thenNothing();
    having(applied, paid).when(decideDefer, {}, ourselves).thenNothing();
    having(applied, requested).when(decideDefer, {}, ourselves).thenNothing();
  });

  it('is rejected when payments decline, at once or later', () => {
    having(applied).when(decideSettlePayment, decline, ourselves).then(declined);
    having(applied, deferred).when(decideSettlePayment, decline, ourselves).then(declined);
  });

  it('leaves nothing behind for a student who is refused at once, but tells the one who had been promised', () => {
    const refused = (told: boolean) => settle({ kind: 'REFUSED', reason: 'PAYMENT_METHOD_REQUIRED', told });
    having(applied).when(decideSettlePayment, refused(true), ourselves).then(noMethod(false));
    having(applied).when(decideSettlePayment, refused(false), ourselves).then(noMethod(true));
    having(applied, deferred).when(decideSettlePayment, refused(true), ourselves).then(noMethod(true));
    having(applied, requested).when(decideSettlePayment, refused(true), ourselves).thenNothing();
  });

  it('never begins again for one that is being cancelled, is cancelled, rejected or has expired; which payment it was is known', () => {
    for (const events of [[requested], [noMethod(false)], [deferred, expired]]) {
      having(applied, ...events)
        .when(decideSettlePayment, approval, ourselves)
        .then(paymentKnown({ paymentId }));
      having(applied, ...events, paymentKnown({ paymentId }))
        .when(decideSettlePayment, approval, ourselves)
        .thenNothing();
    }
    for (const events of [[requested, cancelled], [declined]])
      having(applied, ...events)
        .when(decideSettlePayment, approval, ourselves)
        .thenNothing();
  });

  it('gives the money back when it is approved after the end', () => {
    const isOwed = (...events: TextbookApplicationChange[]) => {
      const { state } = having(applied, ...events);
      return state !== null && isToGiveBack(state, approval.outcome);
    };
    expect([[declined], [noMethod(false)], [noMethod(true)], [deferred, expired]].map((events) => isOwed(...events))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect([[], [deferred], [paid], [requested], [requested, cancelled]].map((events) => isOwed(...events))).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('waiting for payments', () => {
  const day = { payableForMs: 24 * 3_600_000 };
  const after = (ms: number) => ({ actor: service('applications'), now: new Date(now.getTime() + ms) });

  it('ends after 24 hours', () => {
    const later = after(day.payableForMs);
    const ended = TextbookApplicationRejected({ ...expired.data, at: later.now.toISOString() });
    having(applied, deferred).when(decideExpire, day, later).then(ended);
    having(applied).when(decideExpire, day, later).then(ended);
    having(applied, deferred)
      .when(decideExpire, day, after(day.payableForMs - 1))
      .thenNothing();
  });

  it('concerns only what is still to be paid', () => {
    for (const events of [[paid], [requested], [declined], [requested, cancelled]])
      having(applied, ...events)
        .when(decideExpire, day, after(day.payableForMs))
        .thenNothing();
  });

  it('is counted from the application', () => {
    const { state } = having(applied, deferred);
    expect(state && isOverdue(state, 1_000, new Date(now.getTime() + 999))).toBe(false);
    expect(state && isOverdue(state, 1_000, new Date(now.getTime() + 1_000))).toBe(true);
  });
});

describe('cancelling', () => {
  const input = cancelTextbookApplication.parse({ applicationId });

  it('is a request first, wherever it stands', () => {
    for (const events of [[], [deferred], [paid], [paid, delivering]])
      having(applied, ...events)
        .when(decideCancel, input, student)
        .then(requested);
  });

  it('is asked for once', () => {
    having(applied, requested).when(decideCancel, input, student).thenNothing();
    having(applied, requested, cancelled).when(decideCancel, input, student).thenNothing();
  });

  it('is rejected at once for a delivered one, and said once', () => {
    const { deliveryId: _, ...rejection } = alreadyDelivered.data;
    having(applied, paid, delivering, delivered).when(decideCancel, input, student).then(TextbookCancellationRejected(rejection));
    having(applied, paid, delivering, delivered, TextbookCancellationRejected(rejection)).when(decideCancel, input, student).thenNothing();
    expect(having(applied, paid, delivering, delivered, TextbookCancellationRejected(rejection)).state).toMatchObject({
      status: 'DELIVERED',
      deliveryId,
    });
  });

  it('is refused for what was never paid', () => {
    having(applied, declined).when(decideCancel, input, student).thenRefused('NOT_CANCELLABLE');
    having(applied, deferred, expired).when(decideCancel, input, student).thenRefused('NOT_CANCELLABLE');
  });

  it("finds nothing that is another's, hidden, or not there", () => {
    having().when(decideCancel, input, student).thenRefused('NOT_FOUND');
    having(applied)
      .when(decideCancel, input, { actor: user('other', 'CUSTOMER', 'MANAGER', 'ADMIN') })
      .thenRefused('NOT_FOUND');
    having(applied, noMethod(false)).when(decideCancel, input, student).thenRefused('NOT_FOUND');
    having(applied).when(decideCancel, input, { actor: anonymous }).thenRefused('UNAUTHENTICATED');
  });

  it('is a fact when payments have cancelled', () => {
    having(applied, paid, requested).when(decideSettlePayment, cancellation, ourselves).then(cancelled);
    having(applied, requested).when(decideSettlePayment, decline, ourselves).then(cancelled);
    having(applied, requested)
      .when(decideSettlePayment, settle({ kind: 'CANCELLING', paymentId }), ourselves)
      .then(paymentKnown({ paymentId }));
    having(applied, requested, cancelled).when(decideSettlePayment, cancellation, ourselves).thenNothing();
  });

  it('is rejected when the books were handed over meanwhile', () => {
    having(applied, paid, delivering, requested).when(decideFollowDelivery, follow('COMPLETED'), ourselves).then(alreadyDelivered);
    expect(having(applied, paid, delivering, requested, alreadyDelivered).state).toMatchObject({
      status: 'DELIVERED',
      cancellationRejectedReason: 'ALREADY_DELIVERED',
    });
  });
});

describe('being delivered', () => {
  it('is followed', () => {
    having(applied, paid).when(decideFollowDelivery, follow('STARTED'), ourselves).then(delivering);
    having(applied, paid, delivering).when(decideFollowDelivery, follow('STARTED'), ourselves).thenNothing();
    having(applied, paid, delivering).when(decideFollowDelivery, follow('COMPLETED'), ourselves).then(delivered);
    having(applied, paid, delivering, delivered).when(decideFollowDelivery, follow('STARTED'), ourselves).thenNothing();
  });

  it('does not stop a cancellation by merely being under way, but which delivery it was is known', () => {
    having(applied, paid, requested).when(decideFollowDelivery, follow('STARTED'), ourselves).then(deliveryKnown({ deliveryId }));
    having(applied, paid, requested, cancelled)
      .when(decideFollowDelivery, follow('STARTED'), ourselves)
      .then(deliveryKnown({ deliveryId }));
    expect(having(applied, paid, requested, deliveryKnown({ deliveryId })).state).toMatchObject({
      status: 'CANCELLING',
      deliveryId,
      updatedAt: now,
    });
  });
});
