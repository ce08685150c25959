import { anonymous, service, user } from '@madang/kernel/domain';
import { given } from '@madang/kernel/testing';
import { describe, expect, it } from 'vitest';
import { cancelSchedule, confirmSchedule, postLessonResult } from './commands.ts';
import { decideCancel, decideConfirm, decidePostResult, decideRequest } from './decide.ts';
import { LessonResultPosted, PtScheduleCancelled, PtScheduleConfirmed, type PtScheduleEvent, PtScheduleRequested } from './events.ts';
import { ptSchedule, type Timetable, timetable } from './pt-schedule.ts';

const [scheduleId, newId] = ['01936d5e-0000-7000-8000-000000000321', '01936d5e-0000-7000-8000-000000000322'];
const [accountId, orderId] = ['01900000-0000-7000-8000-000000000001', '01936d5e-0000-7000-8000-000000000301'];
const trainerId = '01900000-0000-7000-8000-000000000003';
const now = new Date('2026-11-20T06:00:00Z');
const at = new Date('2026-11-25T10:00:00+09:00');
const minutes = (count: number, from = at) => new Date(from.getTime() + count * 60_000);
const of = { scheduleId, accountId, orderId, at: now.toISOString() };
const pt = { classId: 'posture', className: '자세 교정 PT', durationMinutes: 50 };
const lesson = { trainerId, className: pt.className, lessonAt: at.toISOString() };
const result = '스쿼트 자세가 좋아졌습니다.';

const requested = PtScheduleRequested({ ...of, ...pt, trainerId });
const confirmed = PtScheduleConfirmed({ ...of, ...lesson, endsAt: minutes(50).toISOString() });
const posted = LessonResultPosted({ ...of, ...lesson, result });
const cancelled = PtScheduleCancelled({ ...of, trainerId, started: true });
const neverRequested = PtScheduleCancelled({ ...of, trainerId: null, started: false });

const having = (...events: PtScheduleEvent[]) => given(ptSchedule, events);
const trainer = user(trainerId, 'CUSTOMER', 'TRAINER');
const others: [string, Parameters<typeof user>[0] | null, ...string[]][] = [
  ['FORBIDDEN', accountId, 'CUSTOMER'],
  ['FORBIDDEN', 'm', 'CUSTOMER', 'MANAGER', 'ADMIN'],
  ['NOT_FOUND', 'another-trainer', 'CUSTOMER', 'TRAINER'],
];

describe('requesting', () => {
  const request = { accountId, orderId, trainerId, ...pt, newId };

  it('follows an assignment, once', () => {
    having()
      .when(decideRequest, request, { now })
      .then(PtScheduleRequested({ ...of, ...pt, trainerId, scheduleId: newId }));
    expect(having(requested).state).toMatchObject({ status: 'REQUESTED', job: { ...pt, trainerId, requestedAt: now }, lesson: null });
    for (const events of [[requested], [requested, confirmed], [requested, confirmed, posted], [requested, cancelled]])
      having(...events)
        .when(decideRequest, request, { now })
        .thenNothing();
  });

  it('never happens when it was cancelled before', () => {
    having(neverRequested).when(decideRequest, request, { now }).thenNothing();
  });
});

describe('confirming', () => {
  const facts = { now, actor: trainer };
  /** The schedule beside the trainer's other lessons, given by when they begin and end, in minutes from `at` on. */
  const beside = (events: PtScheduleEvent[], ...lessons: [number, number][]) => {
    const past = given(timetable, events);
    const state: Timetable | null = past.state && {
      ...past.state,
      others: lessons.map(([from, to]) => ({ at: minutes(from), endsAt: minutes(to) })),
    };
    return { ...past, when: (input: object = {}, who = facts) => decideConfirm(state, { scheduleId, at, ...input }, who) };
  };
  const refusal = (code: string, details: object = {}) => expect.objectContaining({ code, details });

  it('is its trainer’s, and doing it again for the same time changes nothing', () => {
    expect(beside([requested]).when()).toEqual([confirmed]);
    expect(having(requested, confirmed).state).toMatchObject({
      status: 'CONFIRMED',
      lesson: { at, endsAt: minutes(50), confirmedAt: now },
    });
    for (const events of [
      [requested, confirmed],
      [requested, confirmed, posted],
    ]) {
      expect(beside(events).when({}, { ...facts, now: minutes(10_000) })).toEqual([]);
      expect(() => beside(events).when({ at: minutes(1) })).toThrow(refusal('ALREADY_CONFIRMED', { field: 'at' }));
    }
  });

  it('is refused while the trainer teaches another lesson, which may end when this begins and begin when this ends', () => {
    expect(beside([requested], [-50, 0], [50, 100]).when()).toEqual([confirmed]);
    for (const other of [
      [0, 50],
      [-49, 1],
      [49, 99],
      [10, 20],
      [-10, 60],
    ] as [number, number][])
      expect(() => beside([requested], other).when()).toThrow(refusal('TRAINER_BUSY', { field: 'at' }));
    expect(beside([requested, confirmed], [0, 50]).when()).toEqual([]);
  });

  it('is for now or later, a minute late at most, and within a year', () => {
    for (const late of [0, -1]) expect(beside([requested]).when({ at: minutes(late, now) })).toHaveLength(1);
    for (const wrong of [new Date(now.getTime() - 60_001), minutes(367 * 24 * 60, now)])
      expect(() => beside([requested]).when({ at: wrong })).toThrow(refusal('BAD_INPUT', { field: 'at' }));
  });

  it('is refused for a cancelled one, and for one that is not there', () => {
    expect(() => beside([requested, cancelled]).when()).toThrow(refusal('SCHEDULE_CANCELLED'));
    for (const nothing of [[], [neverRequested]]) expect(() => beside(nothing).when()).toThrow(refusal('NOT_FOUND'));
  });

  it('is refused for others', () => {
    for (const [code, id, ...roles] of others)
      expect(() => beside([requested]).when({}, { now, actor: user(id ?? '', ...roles) })).toThrow(refusal(code));
    for (const actor of [anonymous, service('pt-managers')])
      expect(() => decideConfirm(null, { scheduleId, at }, { now, actor })).toThrow(refusal('UNAUTHENTICATED'));
  });

  it('takes an id and an instant', () => {
    const wrong = (field: string) => expect.objectContaining({ code: 'BAD_INPUT', details: { field } });
    expect(() => confirmSchedule.parse({ scheduleId: 'x', at })).toThrow(wrong('scheduleId'));
    for (const when of [undefined, 'soon', new Date('1999-01-01'), new Date('9999-12-31T23:59:59Z'), new Date(Number.NaN)])
      expect(() => confirmSchedule.parse({ scheduleId, at: when })).toThrow(wrong('at'));
  });
});

describe('posting the result', () => {
  const input = postLessonResult.parse({ scheduleId, result: ` ${result}\n` });
  const later = { now: at, actor: trainer };

  it('is its trainer’s, from the lesson’s beginning on, and doing it again changes nothing', () => {
    having(requested, confirmed)
      .when(decidePostResult, input, later)
      .then(LessonResultPosted({ ...of, ...lesson, result, at: at.toISOString() }));
    having(requested, confirmed, posted).when(decidePostResult, input, later).thenNothing();
    expect(having(requested, confirmed, posted).state).toMatchObject({
      status: 'RESULT_POSTED',
      result,
      resultPostedAt: now,
      lesson: { at },
    });
  });

  it('is refused before the lesson begins, before it is confirmed, with another result, and for a cancelled one', () => {
    const early = { ...later, now: new Date(at.getTime() - 1) };
    having(requested, confirmed).when(decidePostResult, input, early).thenRefused('LESSON_NOT_STARTED', { lessonAt: at.toISOString() });
    having(requested).when(decidePostResult, input, later).thenRefused('NOT_CONFIRMED');
    having(requested, confirmed, posted)
      .when(decidePostResult, { ...input, result: '다른 결과' }, later)
      .thenRefused('RESULT_ALREADY_POSTED');
    having(requested, confirmed, cancelled).when(decidePostResult, input, later).thenRefused('SCHEDULE_CANCELLED');
    for (const nothing of [[], [neverRequested]])
      having(...nothing)
        .when(decidePostResult, input, later)
        .thenRefused('NOT_FOUND');
  });

  it('is refused for others', () => {
    for (const [code, id, ...roles] of others)
      having(requested, confirmed)
        .when(decidePostResult, input, { now: at, actor: user(id ?? '', ...roles) })
        .thenRefused(code);
    having(requested, confirmed).when(decidePostResult, input, { now: at, actor: anonymous }).thenRefused('UNAUTHENTICATED');
  });

  it('takes a text of up to 2000 characters, in lines', () => {
    expect(postLessonResult.parse({ scheduleId, result: '첫째 줄\n둘째 줄 👩‍🏫' }).result).toBe('첫째 줄\n둘째 줄 👩‍🏫');
    expect(postLessonResult.parse({ scheduleId, result: 'x'.repeat(2_000) }).result).toHaveLength(2_000);
    for (const text of ['', ' \n ', 'x'.repeat(2_001), 'a\u0000b', 'a\ud800b', undefined])
      expect(() => postLessonResult.parse({ scheduleId, result: text })).toThrow(
        expect.objectContaining({ code: 'BAD_INPUT', details: { field: 'result' } }),
      );
  });
});

describe('cancelling', () => {
  const input = { ...cancelSchedule.parse({ accountId, orderId, idempotencyKey: orderId }), newId };
  const facts = { now, actor: service('pt-managers') };

  it('calls off a lesson that has not been held', () => {
    having(requested).when(decideCancel, input, facts).then(cancelled);
    having(requested, confirmed).when(decideCancel, input, facts).then(cancelled);
    expect(having(requested, confirmed, cancelled).state).toMatchObject({ status: 'CANCELLED', lesson: { at }, cancelledAt: now });
  });

  it('is remembered when there is nothing to call off yet', () => {
    having()
      .when(decideCancel, input, facts)
      .then(PtScheduleCancelled({ ...of, scheduleId: newId, trainerId: null, started: false }));
    expect(having(neverRequested).state).toMatchObject({ status: 'CANCELLED', job: null, lesson: null });
  });

  it('happens once', () => {
    for (const events of [[neverRequested], [requested, cancelled]])
      having(...events)
        .when(decideCancel, input, facts)
        .thenNothing();
  });

  it('is refused when the lesson has been held, and tells which', () => {
    having(requested, confirmed, posted)
      .when(decideCancel, input, facts)
      .thenRefused('LESSON_RESULT_POSTED', { scheduleId, trainerId, lessonAt: at.toISOString() });
  });

  it('is for other contexts only, for the account that ordered', () => {
    for (const actor of [trainer, user(accountId, 'CUSTOMER'), user('m', 'MANAGER', 'ADMIN'), anonymous])
      having(requested).when(decideCancel, input, { now, actor }).thenRefused('FORBIDDEN');
    having(requested)
      .when(decideCancel, { ...input, accountId: 'somebody-else' }, facts)
      .thenRefused('NOT_FOUND');
  });
});
