import type { Cause, Kernel, Store } from '@madang/kernel/context';
import type { InputOf } from '@madang/kernel/domain';
import type { HeardTrainers } from './adapters/heard-trainers.ts';
import { rowOf } from './adapters/trainer-assignment-store.ts';
import type { Cancelling } from './cancelling.ts';
import { type acceptOrder, assignTrainer, type confirmAssignment } from './commands.ts';
import { decideAccept, decideAssign, decideConfirm } from './decide.ts';
import type { TrainerAssignmentRow } from './read-models/trainer-assignments.ts';
import { type TrainerAssignment, trainerAssignment } from './trainer-assignment.ts';

export interface Parts {
  readonly assignments: Store<TrainerAssignment>;
  readonly heard: HeardTrainers;
  readonly cancelling: Cancelling;
}

export type Handlers = ReturnType<typeof handlers>;

/** One function per command. */
export const handlers = (kernel: Kernel, { assignments: store, heard, cancelling }: Parts) => ({
  async acceptOrder(input: InputOf<typeof acceptOrder>, cause: Cause): Promise<void> {
    await kernel.execute({
      aggregate: trainerAssignment,
      store,
      key: input.orderId,
      input: { ...input, newId: kernel.newId() },
      decide: decideAccept,
      cause,
    });
  },

  async assignTrainer(raw: unknown, cause: Cause): Promise<TrainerAssignmentRow> {
    const input = assignTrainer.parse(raw);
    const isTrainer = await heard.has(input.trainerId);
    const { state } = await kernel.execute({
      aggregate: trainerAssignment,
      store,
      key: input.orderId,
      input: { ...input, isTrainer },
      decide: decideAssign,
      cause,
    });
    return rowOf(state);
  },

  async confirmAssignment(input: InputOf<typeof confirmAssignment>, cause: Cause): Promise<void> {
    await kernel.execute({ aggregate: trainerAssignment, store, key: input.orderId, input, decide: decideConfirm, cause });
  },

  cancelAssignment: cancelling.cancelAssignment,

  /** Keeps what accounts tell. */
  async hearOfTrainer({ accountId }: { readonly accountId: string }, cause: Cause): Promise<void> {
    await kernel.commit(cause, { writes: [heard.hear(accountId)] });
  },
});
