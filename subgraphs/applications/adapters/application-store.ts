import type { Store } from '@madang/kernel/context';
import { type Rows, saveRow, sql, type Write, write } from '@madang/kernel/prisma';
import type { TextbookApplication as Row } from '../generated/prisma/client.ts';
import type { TextbookApplicationRow } from '../read-models/textbook-applications.ts';
import type { Address, TextbookApplication } from '../textbook-application/textbook-application.ts';

/** An application as its row has it. */
export function rowOf(state: TextbookApplication): TextbookApplicationRow {
  const { id, accountId, bookId, title, quantity, amount, address, status, paymentId, deliveryId, appliedAt, updatedAt } = state;
  return {
    id,
    accountId,
    bookId,
    title,
    quantity,
    amount,
    address,
    status,
    rejectedReason: 'rejectedReason' in state ? state.rejectedReason : null,
    kept: 'kept' in state ? state.kept : true,
    cancellationRejectedReason: 'cancellationRejectedReason' in state ? state.cancellationRejectedReason : null,
    paymentId,
    deliveryId,
    appliedAt,
    updatedAt,
  };
}

function stateOf({ status, rejectedReason, kept, cancellationRejectedReason, address, version: _, ...order }: Row): TextbookApplication {
  const same = { ...order, address: address as unknown as Address };
  if (status === 'REJECTED' || status === 'EXPIRED') return { ...same, status, rejectedReason: rejectedReason ?? '', kept };
  if (status === 'DELIVERED') return { ...same, status, cancellationRejectedReason };
  return { ...same, status };
}

/** Applications by their id. */
export const applicationsById = (rows: Rows<Row>): Store<TextbookApplication> => ({
  async load(id) {
    const row = await rows.one('id', id);
    return row && { state: stateOf(row), version: row.version };
  },
  save: (state, version) => saveRow('TextbookApplication', rowOf(state), version),
});

/** Lets an idempotency key be used again: what it created is not there for its account. */
export const forgetKey = (scope: string, key: string): Write =>
  write(sql`DELETE FROM kernel.idempotency WHERE scope = ${scope} AND key = ${key}`, 'any');
