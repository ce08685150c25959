import type { Loaded, Store } from '@madang/kernel/context';
import { saveRow, sql, type Write, write } from '@madang/kernel/prisma';
import type { CleaningReservation, ShownReservation } from '../cleaning-reservation/cleaning-reservation.ts';
import type { PrismaClient, CleaningReservation as Row } from '../generated/prisma/client.ts';
import type { CleaningReservationRow } from '../read-models/cleaning-reservations.ts';

function columnsOf(state: CleaningReservation) {
  const { id, accountId, planId, title, minutes, amount, place, cleaningAt, reservedAt, updatedAt } = state;
  const cancellationRejectedReason = 'cancellationRejectedReason' in state ? state.cancellationRejectedReason : null;
  return { id, accountId, planId, title, minutes, amount, place, cleaningAt, cancellationRejectedReason, reservedAt, updatedAt };
}

/** A reservation that is there for its account, as its row has it. */
export const rowOf = (state: ShownReservation): CleaningReservationRow => ({
  ...columnsOf(state),
  status: state.status,
  paymentId: state.paymentId,
});

function stateOf({ status, paymentId, cancellationRejectedReason, version: _, ...order }: Row): CleaningReservation {
  if (status === 'PENDING' || status === 'DROPPED') return { ...order, status };
  if (paymentId === null) throw new TypeError(`reservation ${order.id} is ${status}, but its row has no payment`);
  return status === 'DONE' ? { ...order, status, paymentId, cancellationRejectedReason } : { ...order, status, paymentId };
}

/** Reservations by their id. */
export const reservationsById = (prisma: PrismaClient): Store<CleaningReservation> => ({
  async load(id) {
    const row = await prisma.cleaningReservation.findUnique({ where: { id } });
    return row && { state: stateOf(row), version: row.version };
  },
  save: (state, version) =>
    saveRow(
      'CleaningReservation',
      { ...columnsOf(state), status: state.status, paymentId: 'paymentId' in state ? state.paymentId : null },
      version,
    ),
});

/** What was just saved, or is known to be new, is not read again, unless somebody else was faster. */
export function startingFrom<State>(store: Store<State>, id: string, known: Loaded<State> | null): Store<State> {
  let asked = false;
  return {
    async load(key) {
      if (asked || key !== id) return store.load(key);
      asked = true;
      return known;
    },
    save: store.save,
  };
}

/** Idempotency keys are each account's own. */
export const keysOf = (accountId: string): string => `reserveCleaning by ${accountId}`;

/** Lets the key of a reservation that was dropped be used again: who asked for it was refused. */
export const forgetKey = ({ id, accountId }: Pick<CleaningReservation, 'id' | 'accountId'>): Write =>
  write(sql`DELETE FROM kernel.idempotency WHERE scope = ${keysOf(accountId)} AND result = ${id}`, 'any');
