import * as applications from '@madang/applications/events';
import * as deliveries from '@madang/deliveries/events';
import { Prisma } from '../generated/prisma/browser.ts';
import type { PrismaClient, TextbookApplicationRow, TextbookStatus } from '../generated/prisma/client.ts';
import { lifecycle, rejected } from './lifecycle.ts';
import { listing, type StatusArguments } from './listing.ts';
import { paymentsOf } from './payment.ts';
import { blankOf, known } from './rows.ts';
import { projectionsOf, type View } from './view.ts';

// A status that ends an application is followed by no other one.
const status = lifecycle('status', {
  APPLIED: 0,
  PAYMENT_DEFERRED: 1,
  PAID: 2,
  DELIVERING: 3,
  CANCELLING: 4,
  DELIVERED: 5,
  CANCELLED: 5,
  REJECTED: 5,
  EXPIRED: 5,
});
const deliveryStatus = lifecycle('deliveryStatus', { DELIVERING: 0, DELIVERED: 1, CANCELLED: 1 });

const on = projectionsOf<TextbookApplicationRow>();
const own = ({ applicationId }: { readonly applicationId: string }) => applicationId;

const projections = [
  on(applications.TextbookApplied, own, (row, { accountId, title, quantity, amount }, at) => ({
    accountId,
    bookTitle: title,
    quantity,
    amount,
    appliedAt: at,
    ...status(row, 'APPLIED'),
  })),
  on(applications.TextbookPaymentDeferred, own, (row) => status(row, 'PAYMENT_DEFERRED')),
  on(applications.TextbookApplicationPaid, own, (row, _, at) => ({ ...status(row, 'PAID'), paidAt: at })),
  on(applications.TextbookApplicationRejected, own, (row, { kept, reason, ...data }) => ({
    ...status(row, data.status),
    rejectionReason: reason,
    hidden: row.hidden || !kept,
  })),
  on(applications.TextbookApplicationDelivering, own, (row) => status(row, 'DELIVERING')),
  on(applications.TextbookApplicationDelivered, own, (row) => status(row, 'DELIVERED')),
  on(applications.TextbookCancellationRequested, own, (row) => status(row, 'CANCELLING')),
  on(applications.TextbookCancellationRejected, own, (row, data, at) => ({
    ...status(row, data.status),
    ...rejected(row, data.reason, at),
  })),
  on(applications.TextbookApplicationCancelled, own, (row, _, at) => ({ ...status(row, 'CANCELLED'), cancelledAt: at })),
  ...paymentsOf('applications'),
  on(deliveries.DeliveryStarted, own, (row, { deliveryId }) => ({ deliveryId, ...deliveryStatus(row, 'DELIVERING') })),
  on(deliveries.DeliveryCompleted, own, (row, { deliveryId }, at) => ({
    deliveryId,
    ...deliveryStatus(row, 'DELIVERED'),
    deliveredAt: at,
  })),
  on(deliveries.DeliveryCancelled, own, (row, { deliveryId }) => ({ deliveryId, ...deliveryStatus(row, 'CANCELLED') })),
];

/** Its payment or delivery may be heard of before the application itself; one that was refused at once is nobody's. */
function shown({ hidden, version, ...row }: TextbookApplicationRow) {
  const all = known(row, 'status', 'bookTitle', 'quantity', 'amount', 'appliedAt');
  return hidden || !all ? null : { ...all, __typename: 'MyPageTextbookApplication' as const };
}

/** A textbook application as its account sees it. */
export type TextbookApplication = NonNullable<ReturnType<typeof shown>>;

export const textbookApplicationsView: View<TextbookApplicationRow, TextbookApplication> = {
  name: 'TEXTBOOK_APPLICATION',
  table: 'TextbookApplicationRow',
  blank: blankOf<TextbookApplicationRow>(Prisma.TextbookApplicationRowScalarFieldEnum, { hidden: false, refunded: 0 }),
  projections,
  shown,
};

/** Which textbooks were applied for, and where do they stand? */
export const textbookApplications = (prisma: PrismaClient) =>
  listing(textbookApplicationsView, prisma.textbookApplicationRow, ({ status }: StatusArguments<TextbookStatus>) => ({
    hidden: false,
    appliedAt: { not: null },
    status: status ?? undefined,
  }));
