import { anonymous, service, user } from '@madang/kernel/domain';
import { given } from '@madang/kernel/testing';
import { describe, expect, it } from 'vitest';
import {
  CleaningCancellationRejected,
  CleaningCancellationRequested,
  CleaningReservationCancelled,
  CleaningReservationConfirmed,
  CleaningReservationDone,
  CleaningReserved,
} from '../events.ts';
import { type CleaningReservationChange, cleaningReservation, reservationBegun, reservationDropped } from './cleaning-reservation.ts';
import { cancelCleaningReservation, reserveCleaning } from './commands.ts';
import { decideCancel, decideDrop, decideFollowCleaning, decideReserve, decideSettlePayment, isToGiveBack } from './decide.ts';

const [reservationId, paymentId] = ['01936d5e-0000-7000-8000-0000000000e1', 'p1'];
const accountId = '01900000-0000-7000-8000-000000000001';
const plan = { id: '01900000-0000-7000-8000-0000000d0001', name: '원룸 청소', description: '방과 욕실', minutes: 120, price: 49_000 };
const now = new Date('2026-11-20T06:00:00Z');
const at = now.toISOString();
const cleaningAt = new Date('2026-11-25T10:00:00+09:00');
const place = '월드컵북로 1, 302호';
const of = { reservationId, accountId, title: plan.name, cleaningAt: cleaningAt.toISOString(), at };
const order = { planId: plan.id, minutes: plan.minutes, amount: plan.price, place };

const customer = { now, actor: user(accountId, 'CUSTOMER') };
const ourselves = { now, actor: service('reservations') };
const begun = reservationBegun({ id: reservationId, accountId, title: plan.name, ...order, cleaningAt, at });
const dropped = reservationDropped({ at });
const reserved = CleaningReserved({ ...of, ...order, paymentId });
const confirmed = CleaningReservationConfirmed(of);
const done = CleaningReservationDone(of);
const requested = CleaningCancellationRequested(of);
const cancelled = CleaningReservationCancelled(of);
const rejected = CleaningCancellationRejected({ ...of, status: 'DONE', reason: 'ALREADY_DONE' });

const having = (...events: CleaningReservationChange[]) => given(cleaningReservation, events);
const approval = { reservationId, paymentId, outcome: 'APPROVED' as const };
const refund = { reservationId, paymentId, outcome: 'CANCELLED' as const };
const follow = (progress: 'CONFIRMED' | 'DONE') => ({ reservationId, progress });
const refusal = { reservationId, progress: 'CANCEL_REFUSED' as const, reason: 'ALREADY_DONE' };

describe('reserving', () => {
  const input = { planId: plan.id, place, at: cleaningAt };
  const whole = { ...input, reservationId, plan };

  it('costs what the plan says now, and nobody knows of it before it is paid', () => {
    having().when(decideReserve, whole, customer).then(begun);
    expect(begun.unpublished).toBe(true);
  });

  it('is for a time to come', () => {
    for (const past of [now, new Date(now.getTime() - 1)])
      having()
        .when(decideReserve, { ...whole, at: past }, customer)
        .thenRefused('BAD_INPUT', { field: 'at' });
    const soon = new Date(now.getTime() + 1);
    having()
      .when(decideReserve, { ...whole, at: soon }, customer)
      .then(reservationBegun({ ...begun.data, cleaningAt: soon }));
  });

  it('is refused for a plan that is not there, and for nobody in particular', () => {
    having()
      .when(decideReserve, { ...whole, plan: null }, customer)
      .thenRefused('NOT_FOUND');
    for (const actor of [anonymous, service('payments')])
      having().when(decideReserve, whole, { now, actor }).thenRefused('UNAUTHENTICATED');
  });

  it.each([
    ['planId', { planId: 'x' }],
    ['place', { place: ' ' }],
    ['place', { place: 'x'.repeat(201) }],
    ['at', { at: 'tomorrow' }],
    ['at', { at: new Date(Number.NaN) }],
    ['idempotencyKey', { idempotencyKey: '' }],
  ])('names %s as the field at fault: %j', (field, wrong) => {
    expect(reserveCleaning.parse(input)).toEqual(input);
    expect(() => reserveCleaning.parse({ ...input, ...wrong })).toThrow(expect.objectContaining({ code: 'BAD_INPUT', details: { field } }));
  });
});

describe('paying', () => {
  it('makes it a reservation, once', () => {
    having(begun).when(decideSettlePayment, approval, ourselves).then(reserved);
    expect(having(begun, reserved).state).toMatchObject({ status: 'RESERVED', paymentId, title: plan.name, cleaningAt });
    for (const events of [[], [confirmed], [done], [requested], [requested, cancelled]])
      having(begun, reserved, ...events)
        .when(decideSettlePayment, approval, ourselves)
        .thenNothing();
  });

  it('that nobody waits for any more drops it', () => {
    having(begun).when(decideDrop, {}, ourselves).then(dropped);
    having(begun, dropped).when(decideDrop, {}, ourselves).thenNothing();
    having(begun, reserved).when(decideDrop, {}, ourselves).thenNothing();
  });

  it('is given back when it comes after that, and only then', () => {
    having(begun, dropped).when(decideSettlePayment, approval, ourselves).thenNothing();
    const owed = (...events: CleaningReservationChange[]) => {
      const { state } = having(begun, ...events);
      return state !== null && isToGiveBack(state, 'APPROVED');
    };
    expect([[dropped], [], [reserved], [reserved, requested]].map((events) => owed(...events))).toEqual([true, false, false, false]);
    const { state } = having(begun, dropped);
    expect(state && isToGiveBack(state, 'CANCELLED')).toBe(false);
  });
});

describe('the cleaning', () => {
  it('is followed', () => {
    having(begun, reserved).when(decideFollowCleaning, follow('CONFIRMED'), ourselves).then(confirmed);
    having(begun, reserved, confirmed).when(decideFollowCleaning, follow('CONFIRMED'), ourselves).thenNothing();
    having(begun, reserved, confirmed).when(decideFollowCleaning, follow('DONE'), ourselves).then(done);
    having(begun, reserved, confirmed, done).when(decideFollowCleaning, follow('DONE'), ourselves).thenNothing();
    having(begun, reserved, confirmed, done).when(decideFollowCleaning, follow('CONFIRMED'), ourselves).thenNothing();
  });

  it('does not stop a cancellation by being confirmed, but by being done', () => {
    having(begun, reserved, requested).when(decideFollowCleaning, follow('CONFIRMED'), ourselves).thenNothing();
    having(begun, reserved, requested).when(decideFollowCleaning, follow('DONE'), ourselves).then(rejected);
    having(begun, reserved, requested).when(decideFollowCleaning, refusal, ourselves).then(rejected);
    having(begun, reserved, requested, rejected).when(decideFollowCleaning, refusal, ourselves).thenNothing();
    expect(having(begun, reserved, requested, rejected).state).toMatchObject({
      status: 'DONE',
      paymentId,
      cancellationRejectedReason: 'ALREADY_DONE',
    });
  });
});

describe('cancelling', () => {
  const input = cancelCleaningReservation.parse({ reservationId });

  it('is a request first, asked for once', () => {
    for (const events of [[], [confirmed]])
      having(begun, reserved, ...events)
        .when(decideCancel, input, customer)
        .then(requested);
    for (const events of [[requested], [requested, cancelled]])
      having(begun, reserved, ...events)
        .when(decideCancel, input, customer)
        .thenNothing();
  });

  it('is a fact when the payment is cancelled', () => {
    having(begun, reserved, requested).when(decideSettlePayment, refund, ourselves).then(cancelled);
    for (const events of [[begun], [begun, dropped], [begun, reserved], [begun, reserved, requested, cancelled], [begun, reserved, done]])
      having(...events)
        .when(decideSettlePayment, refund, ourselves)
        .thenNothing();
  });

  it('is rejected at once for what is done, and said once', () => {
    having(begun, reserved, done).when(decideCancel, input, customer).then(rejected);
    having(begun, reserved, done, rejected).when(decideCancel, input, customer).thenNothing();
  });

  it("finds nothing that is another's, not paid, or not there", () => {
    having().when(decideCancel, input, customer).thenRefused('NOT_FOUND');
    having(begun).when(decideCancel, input, customer).thenRefused('NOT_FOUND');
    having(begun, dropped).when(decideCancel, input, customer).thenRefused('NOT_FOUND');
    having(begun, reserved)
      .when(decideCancel, input, { now, actor: user('other', 'CUSTOMER', 'MANAGER', 'ADMIN') })
      .thenRefused('NOT_FOUND');
    having(begun, reserved).when(decideCancel, input, { now, actor: anonymous }).thenRefused('UNAUTHENTICATED');
  });
});
