import type { Loaded, Store } from '@madang/kernel/context';
import { saveRow, sql, type Write, write } from '@madang/kernel/prisma';
import type { PrismaClient, Ticket as Row } from '../generated/prisma/client.ts';
import type { TicketRow } from '../read-models/tickets.ts';
import { isPaid, type Ticket } from '../ticket.ts';

/** A ticket as its row has it. */
export function rowOf(state: Ticket): TicketRow {
  const { id, accountId, type, amount, usingMinutes, phone, orderedAt } = state;
  const paid = isPaid(state) ? state : null;
  return {
    id,
    accountId,
    type,
    amount,
    usingMinutes,
    phone,
    orderedAt,
    status: state.status === 'ABANDONED' ? 'ORDERED' : state.status,
    paymentId: paid?.paymentId ?? null,
    purchasedAt: paid?.purchasedAt ?? null,
    validUntil: paid?.validUntil ?? null,
    revision: paid?.revision ?? 0,
    paymentCancelled: paid?.paymentCancelled ?? false,
    releasedRentals: [...(paid?.releasedRentals ?? [])],
    rentalId: state.status === 'USED' ? state.rentalId : null,
    usedAt: state.status === 'USED' ? state.usedAt : null,
  };
}

function stateOf({ version: _, status, paymentId, purchasedAt, validUntil, rentalId, usedAt, ...row }: Row): Ticket {
  const { revision, paymentCancelled, releasedRentals, ...order } = row;
  if (status === 'ORDERED') return { ...order, status };
  if (!paymentId || !purchasedAt || !validUntil)
    throw new TypeError(`ticket ${row.id} is ${status}, but its row does not say what was paid`);
  const paid = { ...order, paymentId, purchasedAt, validUntil, revision, paymentCancelled, releasedRentals };
  if (status !== 'USED') return { ...paid, status };
  if (!rentalId || !usedAt) throw new TypeError(`ticket ${row.id} is USED, but its row does not say by which rental`);
  return { ...paid, status, rentalId, usedAt };
}

const gone = (id: string, version: number): Write => write(sql`DELETE FROM "Ticket" WHERE "id" = ${id}::uuid AND "version" = ${version}`);

/** Tickets by their id. What was never paid leaves no row. */
export const ticketsById = (prisma: PrismaClient): Store<Ticket> => ({
  async load(id) {
    const row = await prisma.ticket.findUnique({ where: { id } });
    return row && { state: stateOf(row), version: row.version };
  },
  save: (state, version) => (state.status === 'ABANDONED' ? gone(state.id, version) : saveRow('Ticket', rowOf(state), version)),
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

/** Lets an idempotency key be used again: what it created is not there for its account. */
export const forgetKey = (scope: string, key: string): Write =>
  write(sql`DELETE FROM kernel.idempotency WHERE scope = ${scope} AND key = ${key}`, 'any');
