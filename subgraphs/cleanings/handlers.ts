import type { Cause, Kernel, Store } from '@madang/kernel/context';
import type { InputOf } from '@madang/kernel/domain';
import { rowOf } from './adapters/cleaning-store.ts';
import { type Cleaning, cleaning } from './cleaning.ts';
import { type cancelCleaning, completeCleaning, confirmCleaning, type requestCleaning } from './commands.ts';
import { decideCancel, decideComplete, decideConfirm, decideRequest } from './decide.ts';
import type { CleaningRow } from './read-models/cleanings.ts';

export interface Stores {
  readonly byId: Store<Cleaning>;
  readonly byReservation: Store<Cleaning>;
}

export type Handlers = ReturnType<typeof handlers>;

/** One function per command. */
export const handlers = (kernel: Kernel, { byId, byReservation }: Stores) => ({
  async requestCleaning(input: InputOf<typeof requestCleaning>, cause: Cause): Promise<void> {
    await kernel.execute({
      aggregate: cleaning,
      store: byReservation,
      key: input.reservationId,
      input: { ...input, newId: kernel.newId() },
      decide: decideRequest,
      cause,
    });
  },

  async cancelCleaning(input: InputOf<typeof cancelCleaning>, cause: Cause): Promise<void> {
    await kernel.execute({
      aggregate: cleaning,
      store: byReservation,
      key: input.reservationId,
      input: { ...input, newId: kernel.newId() },
      decide: decideCancel,
      cause,
    });
  },

  async confirmCleaning(raw: unknown, cause: Cause): Promise<CleaningRow> {
    const input = confirmCleaning.parse(raw);
    const { state } = await kernel.execute({
      aggregate: cleaning,
      store: byId,
      key: input.cleaningId,
      input,
      decide: decideConfirm,
      cause,
    });
    return rowOf(state);
  },

  async completeCleaning(raw: unknown, cause: Cause): Promise<CleaningRow> {
    const input = completeCleaning.parse(raw);
    const { state } = await kernel.execute({
      aggregate: cleaning,
      store: byId,
      key: input.cleaningId,
      input,
      decide: decideComplete,
      cause,
    });
    return rowOf(state);
  },
});
