import { describe, expect, it } from 'vitest';
import { describeConverging, shownAfter } from '../testing/converging.ts';
import { ACCOUNT, ASSIGNMENT, heard, instantOf, ORDER, SCHEDULE, story, TRAINER } from '../testing/happenings.ts';
import { PT_STORIES } from '../testing/stories/pt-orders.ts';
import { ptOrdersView as view } from './pt-orders.ts';

describeConverging('a PT order that is', view, PT_STORIES);

describe('the row of a PT order', () => {
  it('keeps what was ordered, where order, assignment and schedule stand, and what came of the lesson', () => {
    expect(shownAfter(view, PT_STORIES['taught, and then asked to be cancelled'])).toEqual({
      __typename: 'MyPagePtOrder',
      id: ORDER,
      accountId: ACCOUNT,
      classId: '01936d5e-0000-7000-8000-000000000331',
      className: '자세 교정 PT',
      durationMinutes: 50,
      price: 60_000,
      status: 'COMPLETED',
      assignmentId: ASSIGNMENT,
      assignmentStatus: 'ORDER_CONFIRMED',
      trainerId: TRAINER,
      scheduleId: SCHEDULE,
      scheduleStatus: 'RESULT_POSTED',
      lessonAt: new Date('2026-11-25T01:00:00Z'),
      endsAt: new Date('2026-11-25T01:50:00Z'),
      result: '스쿼트 자세가 좋아졌습니다.',
      resultPostedAt: new Date(instantOf(8)),
      orderedAt: new Date(instantOf(0)),
      acknowledgedAt: new Date(instantOf(2)),
      confirmedAt: new Date(instantOf(7)),
      completedAt: new Date(instantOf(9)),
      cancelledAt: null,
      cancellationRejectedReason: 'LESSON_RESULT_POSTED',
      cancellationRejectedAt: new Date(instantOf(10)),
      updatedAt: new Date(instantOf(10)),
    });
  });

  it.each([
    ['only ordered', { status: 'ORDERED', assignmentId: null, assignmentStatus: null, trainerId: null, scheduleStatus: null }],
    ['confirmed, and cancelled', { status: 'CANCELLED', assignmentStatus: 'CANCELLED', scheduleStatus: 'CANCELLED', trainerId: TRAINER }],
    ['cancelled when a trainer was assigned', { status: 'CANCELLED', trainerId: TRAINER, scheduleStatus: 'CANCELLED', lessonAt: null }],
    [
      'cancelled before it was taken in',
      { status: 'CANCELLED', assignmentStatus: 'CANCELLED', scheduleStatus: 'CANCELLED', trainerId: null, acknowledgedAt: null },
    ],
    [
      'taught while it was being cancelled',
      { status: 'COMPLETED', assignmentStatus: 'ORDER_CONFIRMED', scheduleStatus: 'RESULT_POSTED', completedAt: null, cancelledAt: null },
    ],
    [
      'taught before the managers knew of the date',
      { status: 'COMPLETED', assignmentStatus: 'ORDER_CONFIRMED', lessonAt: new Date('2026-11-25T01:00:00Z'), confirmedAt: null },
    ],
  ])('%s: %j', (name, expected) => {
    expect(shownAfter(view, PT_STORIES[name])).toMatchObject(expected);
  });

  it('is not shown before the order itself is known', () => {
    const others = (PT_STORIES['confirmed, and cancelled'] ?? []).filter(({ definition }) => definition.context !== 'pt-orders');
    expect(heard(view, others)).toMatchObject({ row: { assignmentStatus: 'CANCELLED', scheduleStatus: 'CANCELLED' }, told: [] });
    expect(shownAfter(view, [...others, ...story('PtOrdered')])).toMatchObject({ status: 'ORDERED', assignmentStatus: 'CANCELLED' });
  });
});
