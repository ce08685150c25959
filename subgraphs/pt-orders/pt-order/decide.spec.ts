import { anonymous, service, user } from '@madang/kernel/domain';
import { given } from '@madang/kernel/testing';
import { describe, expect, it } from 'vitest';
import {
  PtCancellationRejected,
  PtCancellationRequested,
  PtOrderAcknowledged,
  PtOrderCancelled,
  PtOrderCompleted,
  PtOrderConfirmed,
  PtOrdered,
} from '../events.ts';
import { cancelPtOrder, orderPt } from './commands.ts';
import { decideCancel, decideFollow, decideOrder } from './decide.ts';
import { lessonArranged, type PtOrderChange, ptOrder, trainerNamed } from './pt-order.ts';

const orderId = '01936d5e-0000-7000-8000-000000000301';
const classId = '01900000-0000-7000-8000-0000000e0001';
const accountId = '01900000-0000-7000-8000-000000000001';
const [earlier, now] = [new Date('2026-11-19T06:00:00Z'), new Date('2026-11-20T06:00:00Z')];
const of = { orderId, accountId, at: now.toISOString() };
const lesson = { trainerId: 't', scheduleId: 's', lessonAt: '2026-11-25T01:00:00.000Z' };
const known = { scheduleId: 's', lessonAt: new Date(lesson.lessonAt) };
const className = '자세 교정 PT';
const as = { durationMinutes: 50, price: 60_000 };

const ordered = PtOrdered({ ...of, at: earlier.toISOString(), classId, className, ...as });
const acknowledged = PtOrderAcknowledged({ ...of, assignmentId: 'a' });
const named = trainerNamed({ trainerId: 't' });
const confirmed = PtOrderConfirmed({ ...of, className, ...lesson });
const arranged = lessonArranged(lesson);
const completed = PtOrderCompleted({ ...of, className, scheduleId: 's' });
const asked = PtCancellationRequested(of);
const cancelled = PtOrderCancelled({ ...of, className });
const rejected = PtCancellationRejected({ ...of, className, status: 'COMPLETED', reason: 'LESSON_RESULT_POSTED' });

const having = (...events: PtOrderChange[]) => given(ptOrder, [ordered, ...events]);
const customer = { now, actor: user(accountId, 'CUSTOMER') };
const told = { now, actor: service('pt-orders') };

const accepted = { orderId, progress: 'ACCEPTED' as const, assignmentId: 'a' };
const assigned = { orderId, progress: 'TRAINER_ASSIGNED' as const, trainerId: 't' };
const confirming = { orderId, progress: 'CONFIRMED' as const, ...lesson };
const posted = { orderId, progress: 'RESULT_POSTED' as const, ...lesson };
const freed = { orderId, progress: 'CANCELLED' as const };
const refused = { orderId, progress: 'CANCEL_REFUSED' as const, reason: 'LESSON_RESULT_POSTED' };

describe('ordering', () => {
  const ptClass = { id: classId, name: className, description: '굽은 등', ...as };

  it('keeps what the class is now', () => {
    given(ptOrder, [])
      .when(decideOrder, { classId, orderId, ptClass }, { ...customer, now: earlier })
      .then(ordered);
    expect(having().state).toEqual({
      id: orderId,
      accountId,
      classId,
      className,
      ...as,
      status: 'ORDERED',
      orderedAt: earlier,
      updatedAt: earlier,
      acknowledgedAt: null,
      confirmedAt: null,
      trainerId: null,
      lesson: null,
    });
  });

  it('is for a class that is there, and for who is signed in', () => {
    given(ptOrder, []).when(decideOrder, { classId, orderId, ptClass: null }, customer).thenRefused('NOT_FOUND');
    for (const actor of [anonymous, service('pt-managers')])
      given(ptOrder, []).when(decideOrder, { classId, orderId, ptClass }, { actor }).thenRefused('UNAUTHENTICATED');
  });

  it.each([
    ['classId', { classId: 'x' }],
    ['idempotencyKey', { classId, idempotencyKey: '' }],
    ['idempotencyKey', { classId, idempotencyKey: 'x'.repeat(129) }],
  ])('names %s as the field at fault: %j', (field, wrong) => {
    expect(() => orderPt.parse(wrong)).toThrow(expect.objectContaining({ code: 'BAD_INPUT', details: { field } }));
  });
});

describe('the course of an order', () => {
  it('is taken in, given to a trainer, confirmed and completed', () => {
    having().when(decideFollow, accepted, told).then(acknowledged);
    having(acknowledged).when(decideFollow, assigned, told).then(named);
    having(acknowledged, named).when(decideFollow, confirming, told).then(confirmed);
    having(acknowledged, named, confirmed).when(decideFollow, posted, told).then(completed);
    expect(having(acknowledged, named).state).toMatchObject({ status: 'ACCEPTED', trainerId: 't', lesson: null });
    expect(having(acknowledged, named, confirmed, completed).state).toMatchObject({
      status: 'COMPLETED',
      trainerId: 't',
      lesson: known,
      orderedAt: earlier,
      acknowledgedAt: now,
      confirmedAt: now,
      completedAt: now,
      cancellationRejectedReason: null,
    });
  });

  it('may leave out a step that was overtaken', () => {
    having().when(decideFollow, confirming, told).then(confirmed);
    having().when(decideFollow, posted, told).then(arranged, completed);
    expect(having(arranged, completed).state).toMatchObject({ status: 'COMPLETED', lesson: known, confirmedAt: null });
  });

  it.each([
    ['accepted again', [acknowledged], accepted],
    ['accepted when it is confirmed', [confirmed], accepted],
    ['a trainer that is known', [named], assigned],
    ['a trainer when it is confirmed', [confirmed], assigned],
    ['confirmed again', [confirmed], confirming],
    ['confirmed when it is completed', [confirmed, completed], confirming],
    ['posted again', [confirmed, completed], posted],
    ['freed, when nobody asked for it', [acknowledged], freed],
    ['refused, when nobody asked for it', [confirmed], refused],
    ['freed, when it is completed', [confirmed, completed], freed],
    ['refused, when it is rejected', [confirmed, asked, rejected], refused],
    ['freed again', [asked, cancelled], freed],
    ['accepted when it is cancelled', [asked, cancelled], accepted],
    ['posted when it is cancelled', [confirmed, asked, cancelled], posted],
  ] as const)('is not changed by what comes late or again: %s', (_, events, input) => {
    having(...events)
      .when(decideFollow, input, told)
      .thenNothing();
  });

  it('of none that is known is an error', () => {
    given(ptOrder, []).when(decideFollow, accepted, told).thenRefused('NOT_FOUND');
  });
});

describe('cancelling', () => {
  it('is accepted at every stage, as a request', () => {
    for (const events of [[], [acknowledged], [acknowledged, named], [acknowledged, named, confirmed]])
      having(...events)
        .when(decideCancel, { orderId }, customer)
        .then(asked);
    expect(having(confirmed, asked).state).toMatchObject({ status: 'CANCELLING', lesson: known, confirmedAt: now });
  });

  it('is a fact when trainer and schedule are free', () => {
    having(acknowledged, asked).when(decideFollow, freed, told).then(cancelled);
    expect(having(acknowledged, asked, cancelled).state).toMatchObject({ status: 'CANCELLED', cancelledAt: now, acknowledgedAt: now });
  });

  it('goes on whatever is told meanwhile; a lesson that becomes known is kept', () => {
    having(asked).when(decideFollow, accepted, told).thenNothing();
    having(asked).when(decideFollow, assigned, told).then(named);
    having(asked).when(decideFollow, confirming, told).then(arranged);
    having(confirmed, asked).when(decideFollow, confirming, told).thenNothing();
    expect(having(asked, named, arranged).state).toMatchObject({ status: 'CANCELLING', trainerId: 't', lesson: known, confirmedAt: null });
  });

  it('is rejected when the lesson has been held, however that is told', () => {
    having(confirmed, asked).when(decideFollow, posted, told).then(rejected);
    having(asked).when(decideFollow, posted, told).then(arranged, rejected);
    having(confirmed, asked).when(decideFollow, refused, told).then(rejected);
    having(asked, rejected).when(decideFollow, posted, told).then(arranged);
    expect(having(confirmed, asked, rejected).state).toMatchObject({
      status: 'COMPLETED',
      completedAt: now,
      cancellationRejectedReason: 'LESSON_RESULT_POSTED',
    });
  });

  it('of one that is completed is rejected at once, and told once', () => {
    const early = PtOrderCompleted({ ...of, className, at: earlier.toISOString(), scheduleId: 's' });
    having(confirmed, early).when(decideCancel, { orderId }, customer).then(rejected);
    expect(having(confirmed, early, rejected).state).toMatchObject({ status: 'COMPLETED', completedAt: earlier, updatedAt: now });
    having(confirmed, early, rejected).when(decideCancel, { orderId }, customer).thenNothing();
  });

  it('again changes nothing', () => {
    having(asked).when(decideCancel, { orderId }, customer).thenNothing();
    having(asked, cancelled).when(decideCancel, { orderId }, customer).thenNothing();
  });

  it('is the customer’s alone', () => {
    for (const actor of [user('x', 'CUSTOMER'), user('t', 'TRAINER'), user('m', 'MANAGER'), user('a', 'ADMIN')])
      having().when(decideCancel, { orderId }, { actor }).thenRefused('NOT_FOUND');
    having().when(decideCancel, { orderId }, { actor: anonymous }).thenRefused('UNAUTHENTICATED');
    given(ptOrder, []).when(decideCancel, { orderId }, customer).thenRefused('NOT_FOUND');
    expect(() => cancelPtOrder.parse({ orderId: 'x' })).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT', details: { field: 'orderId' } }),
    );
  });
});
