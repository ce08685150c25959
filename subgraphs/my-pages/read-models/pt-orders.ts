import * as managers from '@madang/pt-managers/events';
import * as orders from '@madang/pt-orders/events';
import * as trainers from '@madang/pt-trainers/events';
import { Prisma } from '../generated/prisma/browser.ts';
import type { AssignmentStatus, PrismaClient, PtOrderRow, PtOrderStatus } from '../generated/prisma/client.ts';
import { lifecycle, rejected } from './lifecycle.ts';
import { listing, type StatusArguments } from './listing.ts';
import { blankOf, known } from './rows.ts';
import { projectionsOf, type View } from './view.ts';

// A status that ends an order is followed by no other one.
const status = lifecycle('status', { ORDERED: 0, ACCEPTED: 1, CONFIRMED: 2, CANCELLING: 3, COMPLETED: 4, CANCELLED: 4 });
const scheduleStatus = lifecycle('scheduleStatus', { REQUESTED: 0, CONFIRMED: 1, RESULT_POSTED: 2, CANCELLED: 2 });
const assignmentGoes = lifecycle('assignmentStatus', {
  ORDER_ACCEPTED: 0,
  TRAINER_ASSIGNED: 1,
  ORDER_CONFIRMED: 2,
  ORDER_CANCEL_ACCEPTED: 3,
  CANCELLED: 4,
});

/** A refused cancellation leaves it confirmed for good, whatever else is heard of it. */
const assignmentStatus = (row: PtOrderRow, heard: AssignmentStatus): Partial<PtOrderRow> =>
  row.cancelRefused ? { assignmentStatus: 'ORDER_CONFIRMED' } : assignmentGoes(row, heard);

const on = projectionsOf<PtOrderRow>();
const own = ({ orderId }: { readonly orderId: string }) => orderId;

const projections = [
  on(orders.PtOrdered, own, (row, { accountId, classId, className, durationMinutes, price }, at) => ({
    accountId,
    classId,
    className,
    durationMinutes,
    price,
    orderedAt: at,
    ...status(row, 'ORDERED'),
  })),
  on(orders.PtOrderAcknowledged, own, (row, { assignmentId }, at) => ({
    assignmentId,
    acknowledgedAt: at,
    ...status(row, 'ACCEPTED'),
  })),
  on(orders.PtOrderConfirmed, own, (row, { trainerId, scheduleId, lessonAt }, at) => ({
    trainerId,
    scheduleId,
    lessonAt: new Date(lessonAt),
    confirmedAt: at,
    ...status(row, 'CONFIRMED'),
  })),
  on(orders.PtCancellationRequested, own, (row) => status(row, 'CANCELLING')),
  on(orders.PtCancellationRejected, own, (row, data, at) => ({ ...status(row, data.status), ...rejected(row, data.reason, at) })),
  on(orders.PtOrderCancelled, own, (row, _, at) => ({ ...status(row, 'CANCELLED'), cancelledAt: at })),
  on(orders.PtOrderCompleted, own, (row, { scheduleId }, at) => ({ scheduleId, completedAt: at, ...status(row, 'COMPLETED') })),
  on(managers.PtOrderAccepted, own, (row, { assignmentId }) => ({ assignmentId, ...assignmentStatus(row, 'ORDER_ACCEPTED') })),
  on(managers.TrainerAssigned, own, (row, { assignmentId, trainerId }) => ({
    assignmentId,
    trainerId,
    ...assignmentStatus(row, 'TRAINER_ASSIGNED'),
  })),
  on(managers.PtAssignmentConfirmed, own, (row, { assignmentId, trainerId, scheduleId, lessonAt }) => ({
    assignmentId,
    trainerId,
    scheduleId,
    lessonAt: new Date(lessonAt),
    ...assignmentStatus(row, 'ORDER_CONFIRMED'),
  })),
  on(managers.PtAssignmentCancelAccepted, own, (row, { assignmentId }) => ({
    assignmentId,
    ...assignmentStatus(row, 'ORDER_CANCEL_ACCEPTED'),
  })),
  on(managers.PtAssignmentCancelled, own, (row, { assignmentId }) => ({ assignmentId, ...assignmentStatus(row, 'CANCELLED') })),
  on(managers.PtAssignmentCancelRefused, own, (_, { assignmentId }) => ({
    assignmentId,
    assignmentStatus: 'ORDER_CONFIRMED',
    cancelRefused: true,
  })),
  on(trainers.PtScheduleRequested, own, (row, { scheduleId, trainerId }) => ({
    scheduleId,
    trainerId,
    ...scheduleStatus(row, 'REQUESTED'),
  })),
  on(trainers.PtScheduleConfirmed, own, (row, { scheduleId, trainerId, lessonAt, endsAt }) => ({
    scheduleId,
    trainerId,
    lessonAt: new Date(lessonAt),
    endsAt: new Date(endsAt),
    ...scheduleStatus(row, 'CONFIRMED'),
  })),
  on(trainers.LessonResultPosted, own, (row, { scheduleId, trainerId, lessonAt, result }, at) => ({
    scheduleId,
    trainerId,
    lessonAt: new Date(lessonAt),
    result,
    resultPostedAt: at,
    ...scheduleStatus(row, 'RESULT_POSTED'),
  })),
  on(trainers.PtScheduleCancelled, own, (row, { scheduleId }) => ({ scheduleId, ...scheduleStatus(row, 'CANCELLED') })),
];

/** Its assignment or schedule may be heard of before the order itself. */
function shown({ version, cancelRefused, ...row }: PtOrderRow) {
  const all = known(row, 'status', 'classId', 'className', 'durationMinutes', 'price', 'orderedAt');
  return all && { ...all, __typename: 'MyPagePtOrder' as const };
}

/** A PT order as its account sees it. */
export type PtOrder = NonNullable<ReturnType<typeof shown>>;

export const ptOrdersView: View<PtOrderRow, PtOrder> = {
  name: 'PT_ORDER',
  table: 'PtOrderRow',
  blank: blankOf<PtOrderRow>(Prisma.PtOrderRowScalarFieldEnum, { cancelRefused: false }),
  projections,
  shown,
};

/** Which PT lessons were ordered, who teaches them, when, and what came of them? */
export const ptOrders = (prisma: PrismaClient) =>
  listing(ptOrdersView, prisma.ptOrderRow, ({ status }: StatusArguments<PtOrderStatus>) => ({
    orderedAt: { not: null },
    status: status ?? undefined,
  }));
