import * as methods from '@madang/payment-methods/events';
import { Prisma } from '../generated/prisma/browser.ts';
import type { PaymentMethodKind, PaymentMethodRow, PrismaClient } from '../generated/prisma/client.ts';
import { isLatest } from './lifecycle.ts';
import { listing } from './listing.ts';
import { blankOf, known } from './rows.ts';
import { projectionsOf, type View } from './view.ts';

interface Description {
  readonly kind: PaymentMethodKind;
  readonly maskedNumber: string;
  readonly isDefault: boolean;
}

/** What was said last is so. */
const described = (row: PaymentMethodRow, { kind, maskedNumber, isDefault }: Description, at: Date): Partial<PaymentMethodRow> =>
  isLatest(row.describedAt, at) ? { kind, maskedNumber, isDefault, describedAt: at } : {};

const on = projectionsOf<PaymentMethodRow>();
const own = ({ paymentMethodId }: { readonly paymentMethodId: string }) => paymentMethodId;

const projections = [
  on(methods.PaymentMethodRegistered, own, (row, data, at) => ({ ...described(row, data, at), registeredAt: at })),
  on(methods.PaymentMethodChanged, own, (row, data, at) => described(row, data, at)),
  on(methods.PaymentMethodRemoved, own, (row, data, at) => ({ ...described(row, { ...data, isDefault: false }, at), removedAt: at })),
];

function shown({ removedAt, describedAt, version, ...row }: PaymentMethodRow) {
  const all = known(row, 'kind', 'maskedNumber', 'registeredAt');
  return removedAt !== null || !all ? null : { ...all, __typename: 'MyPagePaymentMethod' as const, status: 'REGISTERED' as const };
}

/** A payment method as its account sees it. */
export type PaymentMethod = NonNullable<ReturnType<typeof shown>>;

export const paymentMethodsView: View<PaymentMethodRow, PaymentMethod> = {
  name: 'PAYMENT_METHOD',
  table: 'PaymentMethodRow',
  blank: blankOf<PaymentMethodRow>(Prisma.PaymentMethodRowScalarFieldEnum, { isDefault: false }),
  projections,
  shown,
};

/** What can be charged? */
export const paymentMethods = (prisma: PrismaClient) =>
  listing(paymentMethodsView, prisma.paymentMethodRow, () => ({ removedAt: null, registeredAt: { not: null } }));
