import type { Cause, Kernel, Store } from '@madang/kernel/context';
import { type InputOf, notFound, requireUser, tryAgainLater } from '@madang/kernel/domain';
import { keysOf, rowOf, startingFrom } from './adapters/reservation-store.ts';
import { type CleaningPlan, cleaningPlan } from './cleaning-plan/cleaning-plan.ts';
import { registerCleaningPlan } from './cleaning-plan/commands.ts';
import { decideRegisterCleaningPlan } from './cleaning-plan/decide.ts';
import { type CleaningReservation, cleaningReservation, isShown } from './cleaning-reservation/cleaning-reservation.ts';
import { cancelCleaningReservation, type followCleaning, reserveCleaning, type settlePayment } from './cleaning-reservation/commands.ts';
import { decideCancel, decideFollowCleaning, decideReserve, WHAT } from './cleaning-reservation/decide.ts';
import type { Paying } from './paying.ts';
import type { CleaningReservationRow } from './read-models/cleaning-reservations.ts';

export interface Parts {
  readonly reservations: Store<CleaningReservation>;
  readonly plansByName: Store<CleaningPlan>;
  readonly findPlan: (planId: string) => Promise<CleaningPlan | null>;
  readonly paying: Paying;
}

export type Handlers = ReturnType<typeof handlers>;

/** What `saveRow` gives a row that it inserts. */
const FIRST_VERSION = 1;

/** One function per command. */
export const handlers = (kernel: Kernel, { reservations, plansByName, findPlan, paying }: Parts) => ({
  async reserveCleaning(raw: unknown, cause: Cause): Promise<CleaningReservationRow> {
    const { idempotencyKey, ...order } = reserveCleaning.parse(raw);
    const { accountId } = requireUser(cause.actor);
    const reservationId = kernel.newId();
    const { state, replayed } = await kernel.execute({
      aggregate: cleaningReservation,
      store: startingFrom(reservations, reservationId, null),
      key: reservationId,
      input: { ...order, reservationId, plan: await findPlan(order.planId) },
      decide: decideReserve,
      cause,
      alongside: () => ({ open: [paying.pay(reservationId)] }),
      idempotency: { scope: keysOf(accountId), key: idempotencyKey, input: order },
    });
    if (isShown(state)) return rowOf(state);
    const known = replayed ? await reservations.load(state.id) : { state, version: FIRST_VERSION };
    if (known && isShown(known.state)) return rowOf(known.state);
    if (known?.state.status !== 'PENDING') throw tryAgainLater(1, 'Paying');
    return rowOf(await paying.attempt(known, replayed, cause));
  },

  async cancelCleaningReservation(raw: unknown, cause: Cause): Promise<CleaningReservationRow> {
    const input = cancelCleaningReservation.parse(raw);
    const { state } = await kernel.execute({
      aggregate: cleaningReservation,
      store: reservations,
      key: input.reservationId,
      input,
      decide: decideCancel,
      cause,
    });
    if (!isShown(state)) throw notFound(WHAT);
    return rowOf(state);
  },

  async settlePayment(input: InputOf<typeof settlePayment>, cause: Cause): Promise<void> {
    await paying.settle(input, cause);
  },

  async followCleaning(input: InputOf<typeof followCleaning>, cause: Cause): Promise<void> {
    const { reservationId: key } = input;
    await kernel.execute({ aggregate: cleaningReservation, store: reservations, key, input, decide: decideFollowCleaning, cause });
  },

  /** `newId` is the plan's id, unless one of that name is there. */
  async registerCleaningPlan(raw: unknown, cause: Cause, newId = kernel.newId()): Promise<CleaningPlan> {
    const { idempotencyKey, ...particulars } = registerCleaningPlan.parse(raw);
    const { state } = await kernel.execute({
      aggregate: cleaningPlan,
      store: plansByName,
      key: particulars.name,
      input: { ...particulars, newId },
      decide: decideRegisterCleaningPlan,
      cause,
      idempotency: { scope: 'registerCleaningPlan', key: idempotencyKey, input: particulars },
    });
    return state;
  },
});
