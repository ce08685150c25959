import type { Store } from '@madang/kernel/context';
import { saveRow } from '@madang/kernel/prisma';
import type { PrismaClient, PtOrder as Row } from '../generated/prisma/client.ts';
import type { PtOrder } from '../pt-order/pt-order.ts';
import type { PtOrderRow } from '../read-models/pt-orders.ts';

/** An order as its row has it. */
export function rowOf(state: PtOrder): PtOrderRow {
  const { id, accountId, classId, className, durationMinutes, price, status, trainerId, lesson } = state;
  const { orderedAt, acknowledgedAt, confirmedAt, updatedAt } = state;
  return {
    id,
    accountId,
    classId,
    className,
    durationMinutes,
    price,
    status,
    trainerId,
    scheduleId: lesson?.scheduleId ?? null,
    lessonAt: lesson?.lessonAt ?? null,
    cancellationRejectedReason: state.status === 'COMPLETED' ? state.cancellationRejectedReason : null,
    orderedAt,
    acknowledgedAt,
    confirmedAt,
    completedAt: state.status === 'COMPLETED' ? state.completedAt : null,
    cancelledAt: state.status === 'CANCELLED' ? state.cancelledAt : null,
    updatedAt,
  };
}

function stateOf({ version: _, status, scheduleId, lessonAt, cancellationRejectedReason, completedAt, cancelledAt, ...row }: Row): PtOrder {
  const order = { ...row, lesson: scheduleId && lessonAt ? { scheduleId, lessonAt } : null };
  if (status === 'COMPLETED' && completedAt) return { ...order, status, completedAt, cancellationRejectedReason };
  if (status === 'CANCELLED' && cancelledAt) return { ...order, status, cancelledAt };
  if (status !== 'COMPLETED' && status !== 'CANCELLED') return { ...order, status };
  throw new TypeError(`PT order ${row.id} is ${status}, but its row does not say since when`);
}

/** Orders by their id. */
export const ptOrdersById = (prisma: PrismaClient): Store<PtOrder> => ({
  async load(id) {
    const row = await prisma.ptOrder.findUnique({ where: { id } });
    return row && { state: stateOf(row), version: row.version };
  },
  save: (state, version) => saveRow('PtOrder', rowOf(state), version),
});
