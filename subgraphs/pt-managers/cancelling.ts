import type { Cause, IntentHandler, Kernel, Store } from '@madang/kernel/context';
import type { InputOf } from '@madang/kernel/domain';
import { Unavailable } from '@madang/kernel/resilience';
import type { cancelAssignment } from './commands.ts';
import { decideAcceptCancellation, decideSettleCancellation } from './decide.ts';
import type { Schedules } from './ports.ts';
import { type TrainerAssignment, trainerAssignment } from './trainer-assignment.ts';

/** The intent, by the order's id: the schedule is cancelled, then the assignment. */
const CANCEL = 'cancel-schedule';
/** Longer than the call may take: the sweep stays away from what is just being done. */
const LEASE_MS = 3_000;

export interface CancellingParts {
  readonly assignments: Store<TrainerAssignment>;
  readonly schedules: Schedules;
}

export type Cancelling = ReturnType<typeof cancelling>;

/** Schedule and assignment are cancelled in this order, in one step that is taken up again until it is done. */
export function cancelling(kernel: Kernel, { assignments: store, schedules }: CancellingParts) {
  const of = (key: string, cause: Cause) => ({ aggregate: trainerAssignment, store, key, cause });

  const intents: Record<string, IntentHandler> = {
    async [CANCEL]({ key }, cause) {
      const close = [{ kind: CANCEL, key }];
      const known = await store.load(key);
      if (known?.state.status !== 'ORDER_CANCEL_ACCEPTED') return kernel.commit(cause, { close });
      const { accountId, orderId } = known.state;
      const input = await schedules.cancel({ accountId, orderId }, cause);
      await kernel.execute({ ...of(key, cause), known, input, decide: decideSettleCancellation, alongside: () => ({ close }) });
    },
  };

  return {
    intents,

    /** Accepted whatever is down; without an answer from the trainers, the sweep goes on with it. */
    async cancelAssignment(input: InputOf<typeof cancelAssignment>, cause: Cause): Promise<void> {
      const { orderId: key } = input;
      const { state } = await kernel.execute({
        ...of(key, cause),
        input: { ...input, newId: kernel.newId() },
        decide: decideAcceptCancellation,
        alongside: (_, [accepted]) => (accepted ? { open: [{ kind: CANCEL, key, payload: {}, dueInMs: LEASE_MS }] } : {}),
      });
      if (state.status !== 'ORDER_CANCEL_ACCEPTED') return;
      await kernel.runIntent(CANCEL, key, {}, cause).catch((error: unknown) => {
        if (!(error instanceof Unavailable)) throw error;
      });
    },
  };
}
