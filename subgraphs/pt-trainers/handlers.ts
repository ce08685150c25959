import type { Cause, Kernel, Store } from '@madang/kernel/context';
import { type InputOf, requireService } from '@madang/kernel/domain';
import { type HeardAccount, hearOfAccount } from './adapters/heard-accounts.ts';
import { rowOf } from './adapters/pt-schedule-store.ts';
import { cancelSchedule, confirmSchedule, postLessonResult, type requestSchedule } from './commands.ts';
import { decideCancel, decideConfirm, decidePostResult, decideRequest } from './decide.ts';
import { type PtSchedule, ptSchedule, type Timetable, timetable } from './pt-schedule.ts';
import type { PtScheduleRow } from './read-models/pt-schedules.ts';

export interface Stores {
  readonly byId: Store<PtSchedule>;
  readonly byOrder: Store<PtSchedule>;
  readonly timetables: (from: Date) => Store<Timetable>;
}

export type Handlers = ReturnType<typeof handlers>;

/** One function per command. */
export const handlers = (kernel: Kernel, { byId, byOrder, timetables }: Stores) => ({
  async requestSchedule(input: InputOf<typeof requestSchedule>, cause: Cause): Promise<void> {
    await kernel.execute({
      aggregate: ptSchedule,
      store: byOrder,
      key: input.orderId,
      input: { ...input, newId: kernel.newId() },
      decide: decideRequest,
      cause,
    });
  },

  async confirmSchedule(raw: unknown, cause: Cause): Promise<PtScheduleRow> {
    const input = confirmSchedule.parse(raw);
    const { state } = await kernel.execute({
      aggregate: timetable,
      store: timetables(input.at),
      key: input.scheduleId,
      input,
      decide: decideConfirm,
      cause,
    });
    return rowOf(state.schedule);
  },

  async postLessonResult(raw: unknown, cause: Cause): Promise<PtScheduleRow> {
    const input = postLessonResult.parse(raw);
    const { state } = await kernel.execute({
      aggregate: ptSchedule,
      store: byId,
      key: input.scheduleId,
      input,
      decide: decidePostResult,
      cause,
    });
    return rowOf(state);
  },

  async cancelSchedule(raw: unknown, cause: Cause): Promise<PtScheduleRow> {
    const { idempotencyKey, ...input } = cancelSchedule.parse(raw);
    const { state } = await kernel.execute({
      aggregate: ptSchedule,
      store: byOrder,
      key: input.orderId,
      input: { ...input, idempotencyKey, newId: kernel.newId() },
      decide: decideCancel,
      cause,
      idempotency: { scope: `cancelSchedule by ${requireService(cause.actor)}`, key: idempotencyKey, input },
    });
    return rowOf(state);
  },

  /** Keeps what accounts tell. */
  async hearOfAccount(input: HeardAccount, cause: Cause): Promise<void> {
    await kernel.commit(cause, { writes: [hearOfAccount(input)] });
  },
});
