import { defineEvent, type EventOf, id, instant, reference } from '@madang/kernel/domain';
import { z } from 'zod';

const of = { assignmentId: id, accountId: reference, orderId: reference, at: instant };
const example = {
  assignmentId: '01936d5e-0000-7000-8000-000000000311',
  accountId: '01900000-0000-7000-8000-000000000001',
  orderId: '01936d5e-0000-7000-8000-000000000301',
  at: '2026-11-20T06:00:00.000Z',
};
const trainerId = '01900000-0000-7000-8000-000000000003';

const ofAssignment = {
  context: 'pt-managers',
  aggregate: 'trainer-assignment',
  version: 1,
  key: (data: { assignmentId: string }) => data.assignmentId,
};

/** An order has been taken in (주문 접수): a manager is to assign a trainer. */
export const PtOrderAccepted = defineEvent({
  ...ofAssignment,
  name: 'PtOrderAccepted',
  payload: z.object({ ...of, classId: reference, className: z.string(), durationMinutes: z.int().positive() }),
  examples: [{ ...example, classId: '01936d5e-0000-7000-8000-000000000331', className: '자세 교정 PT', durationMinutes: 50 }],
});

/** A manager has assigned a trainer (강사 배정), who is to confirm when the lesson is. */
export const TrainerAssigned = defineEvent({
  ...ofAssignment,
  name: 'TrainerAssigned',
  payload: z.object({ ...of, trainerId: reference, classId: reference, className: z.string(), durationMinutes: z.int().positive() }),
  examples: [{ ...example, trainerId, classId: '01936d5e-0000-7000-8000-000000000331', className: '자세 교정 PT', durationMinutes: 50 }],
});

/** The trainer has confirmed when the lesson is (배정 확정). */
export const PtAssignmentConfirmed = defineEvent({
  ...ofAssignment,
  name: 'PtAssignmentConfirmed',
  payload: z.object({ ...of, trainerId: reference, scheduleId: reference, lessonAt: instant }),
  examples: [{ ...example, trainerId, scheduleId: '01936d5e-0000-7000-8000-000000000321', lessonAt: '2026-11-25T01:00:00.000Z' }],
});

/** The customer's cancellation has been taken in (취소 접수): the schedule is being cancelled. */
export const PtAssignmentCancelAccepted = defineEvent({
  ...ofAssignment,
  name: 'PtAssignmentCancelAccepted',
  payload: z.object(of),
  examples: [example],
});

/** It is cancelled (배정 취소), and its schedule was before. `started` is false when it was cancelled before it was taken in: it never will be. */
export const PtAssignmentCancelled = defineEvent({
  ...ofAssignment,
  name: 'PtAssignmentCancelled',
  payload: z.object({ ...of, started: z.boolean() }),
  examples: [{ ...example, started: true }],
});

/** It cannot be cancelled (취소 거부): the lesson's result has been posted. The assignment is as it was. */
export const PtAssignmentCancelRefused = defineEvent({
  ...ofAssignment,
  name: 'PtAssignmentCancelRefused',
  payload: z.object({ ...of, reason: z.string() }),
  examples: [{ ...example, reason: 'LESSON_RESULT_POSTED' }],
});

export type TrainerAssignmentEvent =
  | EventOf<typeof PtOrderAccepted>
  | EventOf<typeof TrainerAssigned>
  | EventOf<typeof PtAssignmentConfirmed>
  | EventOf<typeof PtAssignmentCancelAccepted>
  | EventOf<typeof PtAssignmentCancelled>
  | EventOf<typeof PtAssignmentCancelRefused>;
