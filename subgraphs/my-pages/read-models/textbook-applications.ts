import * as applications from '@madang/applications/events';
import * as deliveries from '@madang/deliveries/events';
import { connectionOf, pageOf } from '@madang/kernel/graphql';
import * as payments from '@madang/payments/events';
import type { DeliveryStatus, PaymentStatus, PrismaClient, TextbookApplicationRow, TextbookStatus } from '../generated/prisma/client.ts';
import { further, projectionsOf, type View } from './view.ts';

// A status that ends an application is followed by no other one.
const status = further<TextbookStatus>({
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
const paymentStatus = further<PaymentStatus>({ APPROVED: 0, DECLINED: 1, CANCELLING: 2, CANCELLED: 3 });
const deliveryStatus = further<DeliveryStatus>({ DELIVERING: 0, DELIVERED: 1, CANCELLED: 1 });

const on = projectionsOf<TextbookApplicationRow>();
const own = ({ applicationId }: { readonly applicationId: string }) => applicationId;
const paidFor = ({ context, reference }: { readonly context: string; readonly reference: string }) =>
  context === 'applications' ? reference : null;

const projections = [
  on(applications.TextbookApplied, own, (row, { accountId, title, quantity, amount }, at) => ({
    accountId,
    bookTitle: title,
    quantity,
    amount,
    appliedAt: at,
    status: status(row.status, 'APPLIED'),
  })),
  on(applications.TextbookPaymentDeferred, own, (row) => ({ status: status(row.status, 'PAYMENT_DEFERRED') })),
  on(applications.TextbookApplicationPaid, own, (row, _, at) => ({ status: status(row.status, 'PAID'), paidAt: at })),
  on(applications.TextbookApplicationRejected, own, (row, { kept, reason, ...data }) => ({
    status: status(row.status, data.status),
    rejectionReason: reason,
    hidden: row.hidden || !kept,
  })),
  on(applications.TextbookApplicationDelivering, own, (row) => ({ status: status(row.status, 'DELIVERING') })),
  on(applications.TextbookApplicationDelivered, own, (row) => ({ status: status(row.status, 'DELIVERED') })),
  on(applications.TextbookCancellationRequested, own, (row) => ({ status: status(row.status, 'CANCELLING') })),
  on(applications.TextbookCancellationRejected, own, (row, data, at) => ({
    status: status(row.status, data.status),
    ...(row.cancellationRejectedAt === null || row.cancellationRejectedAt <= at
      ? { cancellationRejectedAt: at, cancellationRejectedReason: data.reason }
      : {}),
  })),
  on(applications.TextbookApplicationCancelled, own, (row, _, at) => ({ status: status(row.status, 'CANCELLED'), cancelledAt: at })),
  on(payments.PaymentApproved, paidFor, (row, { paymentId }) => ({
    paymentId,
    paymentStatus: paymentStatus(row.paymentStatus, 'APPROVED'),
  })),
  on(payments.PaymentDeclined, paidFor, (row, { paymentId }) => ({
    paymentId,
    paymentStatus: paymentStatus(row.paymentStatus, 'DECLINED'),
  })),
  on(payments.PaymentCancelling, paidFor, (row, { paymentId }) => ({
    paymentId,
    paymentStatus: paymentStatus(row.paymentStatus, 'CANCELLING'),
  })),
  on(payments.PaymentCancelled, paidFor, (row, { paymentId, refunded }) => ({
    paymentId,
    paymentStatus: paymentStatus(row.paymentStatus, 'CANCELLED'),
    refunded: Math.max(row.refunded, refunded),
  })),
  on(deliveries.DeliveryStarted, own, (row, { deliveryId }) => ({
    deliveryId,
    deliveryStatus: deliveryStatus(row.deliveryStatus, 'DELIVERING'),
  })),
  on(deliveries.DeliveryCompleted, own, (row, { deliveryId }, at) => ({
    deliveryId,
    deliveryStatus: deliveryStatus(row.deliveryStatus, 'DELIVERED'),
    deliveredAt: at,
  })),
  on(deliveries.DeliveryCancelled, own, (row, { deliveryId }) => ({
    deliveryId,
    deliveryStatus: deliveryStatus(row.deliveryStatus, 'CANCELLED'),
  })),
];

/** Its payment or delivery may be heard of before the application itself; one that was refused at once is nobody's. */
function shown({ hidden, version, ...row }: TextbookApplicationRow) {
  const { status, bookTitle, quantity, amount, appliedAt } = row;
  if (hidden || status === null || bookTitle === null || quantity === null || amount === null || appliedAt === null) return null;
  return { ...row, __typename: 'MyPageTextbookApplication' as const, status, bookTitle, quantity, amount, appliedAt };
}

/** A textbook application as its account sees it. */
export type TextbookApplication = NonNullable<ReturnType<typeof shown>>;

export const textbookApplicationsView: View<TextbookApplicationRow, TextbookApplication> = {
  name: 'TEXTBOOK_APPLICATION',
  table: 'TextbookApplicationRow',
  blank: (row) => ({
    ...row,
    status: null,
    bookTitle: null,
    quantity: null,
    amount: null,
    rejectionReason: null,
    cancellationRejectedReason: null,
    cancellationRejectedAt: null,
    hidden: false,
    appliedAt: null,
    paidAt: null,
    deliveredAt: null,
    cancelledAt: null,
    paymentId: null,
    paymentStatus: null,
    refunded: 0,
    deliveryId: null,
    deliveryStatus: null,
  }),
  projections,
  shown,
};

export interface TextbookApplicationsArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly status?: TextbookStatus | null | undefined;
}

/** Which textbooks were applied for, and where do they stand? */
export function textbookApplications(prisma: PrismaClient) {
  async function list(accountId: string | undefined, { first, after, status }: TextbookApplicationsArguments) {
    const { take, cursorId } = pageOf({ first, after });
    const rows = await prisma.textbookApplicationRow.findMany({
      where: {
        accountId,
        hidden: false,
        appliedAt: { not: null },
        status: status ?? undefined,
        id: cursorId === undefined ? undefined : { lt: cursorId },
      },
      orderBy: { id: 'desc' },
      take,
    });
    return connectionOf(
      rows.flatMap((row) => shown(row) ?? []),
      first,
      ({ id }) => id,
      { after },
    );
  }

  return {
    ofAccount: (accountId: string, args: TextbookApplicationsArguments) => list(accountId, args),
    ofEverybody: (args: TextbookApplicationsArguments) => list(undefined, args),

    async one(id: string): Promise<TextbookApplication | null> {
      const row = await prisma.textbookApplicationRow.findUnique({ where: { id } });
      return row && shown(row);
    },
  };
}

export type TextbookApplications = ReturnType<typeof textbookApplications>;
