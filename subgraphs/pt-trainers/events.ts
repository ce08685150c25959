import { defineEvent, type EventOf, id, instant, reference } from '@madang/kernel/domain';
import { z } from 'zod';

const of = { scheduleId: id, accountId: reference, orderId: reference, at: instant };
const example = {
  scheduleId: '01936d5e-0000-7000-8000-000000000321',
  accountId: '01900000-0000-7000-8000-000000000001',
  orderId: '01936d5e-0000-7000-8000-000000000301',
  at: '2026-11-20T06:00:00.000Z',
};
const trainerId = '01900000-0000-7000-8000-000000000003';
const className = '자세 교정 PT';

const ofSchedule = { context: 'pt-trainers', aggregate: 'pt-schedule', version: 1, key: (data: { scheduleId: string }) => data.scheduleId };

/** A trainer is to confirm when a lesson is (일정 요청). `accountId` is the customer's. */
export const PtScheduleRequested = defineEvent({
  ...ofSchedule,
  name: 'PtScheduleRequested',
  payload: z.object({ ...of, trainerId: reference, classId: reference, className: z.string(), durationMinutes: z.int().positive() }),
  examples: [{ ...example, trainerId, classId: '01936d5e-0000-7000-8000-000000000331', className, durationMinutes: 50 }],
});

/** The trainer has confirmed when the lesson is (일정 확정). */
export const PtScheduleConfirmed = defineEvent({
  ...ofSchedule,
  name: 'PtScheduleConfirmed',
  payload: z.object({ ...of, trainerId: reference, className: z.string(), lessonAt: instant, endsAt: instant }),
  examples: [{ ...example, trainerId, className, lessonAt: '2026-11-25T01:00:00.000Z', endsAt: '2026-11-25T01:50:00.000Z' }],
});

/** The lesson has been held; this is what the trainer says of it (수업 결과 등록). */
export const LessonResultPosted = defineEvent({
  ...ofSchedule,
  name: 'LessonResultPosted',
  payload: z.object({ ...of, trainerId: reference, className: z.string(), lessonAt: instant, result: z.string() }),
  examples: [{ ...example, trainerId, className, lessonAt: '2026-11-25T01:00:00.000Z', result: '스쿼트 자세가 좋아졌습니다.' }],
});

/** There will be no lesson (일정 취소). `trainerId` is null and `started` false when it was cancelled before it was requested: it never will be. */
export const PtScheduleCancelled = defineEvent({
  ...ofSchedule,
  name: 'PtScheduleCancelled',
  payload: z.object({ ...of, trainerId: reference.nullable(), started: z.boolean() }),
  examples: [
    { ...example, trainerId, started: true },
    { ...example, trainerId: null, started: false },
  ],
});

export type PtScheduleEvent =
  | EventOf<typeof PtScheduleRequested>
  | EventOf<typeof PtScheduleConfirmed>
  | EventOf<typeof LessonResultPosted>
  | EventOf<typeof PtScheduleCancelled>;
