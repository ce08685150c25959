import { badInput, type Decide, type InputOf, notFound, Refused, requireRole, requireService } from '@madang/kernel/domain';
import type { cancelSchedule, confirmSchedule, postLessonResult, requestSchedule } from './commands.ts';
import { LessonResultPosted, PtScheduleCancelled, PtScheduleConfirmed, type PtScheduleEvent, PtScheduleRequested } from './events.ts';
import type { Job, PtSchedule, Timetable } from './pt-schedule.ts';

type Decision<Input, State = PtSchedule> = Decide<State, Input, PtScheduleEvent>;
/** The id that a schedule gets if there is none yet. */
type New = { readonly newId: string };

/** What there is not, when there is not, or it is another's. */
export const WHAT = 'The schedule';

const MINUTE = 60_000;
/** A lesson may begin right now: this long ago is still now. */
const GRACE_MS = MINUTE;
const FARTHEST_MS = 366 * 24 * 60 * MINUTE;

const cancelled = () => new Refused('SCHEDULE_CANCELLED', 'It has been cancelled. 취소된 일정입니다.');
const of = ({ id, accountId, orderId }: PtSchedule, now: Date) => ({ scheduleId: id, accountId, orderId, at: now.toISOString() });

/** @throws Refused NOT_FOUND for any trainer but its own */
function own(state: PtSchedule | null, trainerId: string): PtSchedule & { readonly job: Job } {
  if (state?.job?.trainerId !== trainerId) throw notFound(WHAT);
  return { ...state, job: state.job } as PtSchedule & { readonly job: Job };
}

/** `state` is the order's schedule: one that was cancelled, even before, is never requested. */
export const decideRequest: Decision<InputOf<typeof requestSchedule> & New> = (state, { newId, ...job }, { now }) =>
  state === null ? [PtScheduleRequested({ scheduleId: newId, ...job, at: now.toISOString() })] : [];

/** By its trainer, who teaches one lesson at a time. */
export const decideConfirm: Decision<InputOf<typeof confirmSchedule>, Timetable> = (state, { at }, { actor, now }) => {
  const { accountId: trainerId } = requireRole(actor, 'TRAINER');
  const schedule = own(state?.schedule ?? null, trainerId);
  const { durationMinutes, className } = schedule.job;
  const endsAt = new Date(at.getTime() + durationMinutes * MINUTE);
  switch (schedule.status) {
    case 'CANCELLED':
      throw cancelled();
    case 'CONFIRMED':
    case 'RESULT_POSTED':
      if (schedule.lesson.at.getTime() === at.getTime()) return [];
      throw new Refused('ALREADY_CONFIRMED', 'It is confirmed for another time. 이미 다른 시간으로 확정되었습니다.', { field: 'at' });
    case 'REQUESTED':
      if (at.getTime() < now.getTime() - GRACE_MS) throw badInput('at', 'at: must not be in the past. 수업 일시는 지금 이후여야 합니다.');
      if (at.getTime() > now.getTime() + FARTHEST_MS) throw badInput('at', 'at: must be within a year. 수업 일시는 1년 이내여야 합니다.');
      if (state?.others.some((other) => other.at < endsAt && at < other.endsAt))
        throw new Refused('TRAINER_BUSY', 'There is another lesson then. 그 시간에 다른 수업이 있습니다.', { field: 'at' });
      return [
        PtScheduleConfirmed({ ...of(schedule, now), trainerId, className, lessonAt: at.toISOString(), endsAt: endsAt.toISOString() }),
      ];
  }
};

/** By its trainer, not before the lesson begins. */
export const decidePostResult: Decision<InputOf<typeof postLessonResult>> = (state, { result }, { actor, now }) => {
  const { accountId: trainerId } = requireRole(actor, 'TRAINER');
  const schedule = own(state, trainerId);
  switch (schedule.status) {
    case 'REQUESTED':
      throw new Refused('NOT_CONFIRMED', 'It is to be confirmed first. 먼저 일정을 확정해 주세요.');
    case 'CANCELLED':
      throw cancelled();
    case 'RESULT_POSTED':
      if (schedule.result === result) return [];
      throw new Refused('RESULT_ALREADY_POSTED', 'Its result has been posted. 이미 수업 결과가 등록되었습니다.');
    case 'CONFIRMED': {
      const lessonAt = schedule.lesson.at.toISOString();
      if (now < schedule.lesson.at)
        throw new Refused('LESSON_NOT_STARTED', 'The lesson begins later. 아직 시작하지 않은 수업입니다.', { lessonAt });
      return [LessonResultPosted({ ...of(schedule, now), trainerId, className: schedule.job.className, lessonAt, result })];
    }
  }
};

/** `state` is the order's schedule. What is not there yet is cancelled for good; a lesson that has been held stays. */
export const decideCancel: Decision<InputOf<typeof cancelSchedule> & New> = (state, { newId, accountId, orderId }, { actor, now }) => {
  requireService(actor);
  if (state === null)
    return [PtScheduleCancelled({ scheduleId: newId, accountId, orderId, trainerId: null, started: false, at: now.toISOString() })];
  if (state.accountId !== accountId) throw notFound(WHAT);
  switch (state.status) {
    case 'REQUESTED':
    case 'CONFIRMED':
      return [PtScheduleCancelled({ ...of(state, now), trainerId: state.job.trainerId, started: true })];
    case 'CANCELLED':
      return [];
    case 'RESULT_POSTED':
      throw new Refused('LESSON_RESULT_POSTED', 'The lesson has been held. 이미 진행된 수업입니다.', {
        scheduleId: state.id,
        trainerId: state.job.trainerId,
        lessonAt: state.lesson.at.toISOString(),
      });
  }
};
