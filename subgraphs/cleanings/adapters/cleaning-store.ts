import type { Store } from '@madang/kernel/context';
import { saveRow } from '@madang/kernel/prisma';
import type { Cleaning } from '../cleaning.ts';
import type { PrismaClient, Cleaning as Row } from '../generated/prisma/client.ts';
import type { CleaningRow } from '../read-models/cleanings.ts';

/** A cleaning as its row has it. */
export function rowOf(state: Cleaning): CleaningRow {
  const { id, accountId, reservationId, status, job, confirmedAt } = state;
  return {
    id,
    accountId,
    reservationId,
    status,
    title: job?.title ?? null,
    place: job?.place ?? null,
    cleaningAt: job?.cleaningAt ?? null,
    requestedAt: job?.requestedAt ?? null,
    confirmedAt,
    doneAt: state.status === 'DONE' ? state.doneAt : null,
    cancelledAt: state.status === 'CANCELLED' ? state.cancelledAt : null,
  };
}

function stateOf(row: Row): Cleaning {
  const { id, accountId, reservationId, status, title, place, cleaningAt, requestedAt, confirmedAt, doneAt, cancelledAt } = row;
  const identity = { id, accountId, reservationId };
  const job = title && place && cleaningAt && requestedAt ? { title, place, cleaningAt, requestedAt } : null;
  if (status === 'CANCELLED' && cancelledAt) return { ...identity, status, job, confirmedAt, cancelledAt };
  if (status === 'REQUESTED' && job) return { ...identity, status, job, confirmedAt: null };
  if (status === 'CONFIRMED' && job && confirmedAt) return { ...identity, status, job, confirmedAt };
  if (status === 'DONE' && job && confirmedAt && doneAt) return { ...identity, status, job, confirmedAt, doneAt };
  throw new TypeError(`cleaning ${id} is ${status}, but its row lacks what belongs to that`);
}

const loaded = (row: Row | null) => row && { state: stateOf(row), version: row.version };
const save = (state: Cleaning, version: number) => saveRow('Cleaning', rowOf(state), version);

/** Cleanings by their id. */
export const cleaningsById = (prisma: PrismaClient): Store<Cleaning> => ({
  load: async (id) => loaded(await prisma.cleaning.findUnique({ where: { id } })),
  save,
});

/** Cleanings by what was reserved. Of a request and a cancellation at once, one finds the other: a reservation has one cleaning. */
export const cleaningsByReservation = (prisma: PrismaClient): Store<Cleaning> => ({
  load: async (reservationId) => loaded(await prisma.cleaning.findUnique({ where: { reservationId } })),
  save,
});
