import { connectionOf, pageOf } from '@madang/kernel/graphql';
import * as methods from '@madang/payment-methods/events';
import type { PaymentMethodKind, PaymentMethodRow, PrismaClient } from '../generated/prisma/client.ts';
import { projectionsOf, type View } from './view.ts';

interface Description {
  readonly kind: PaymentMethodKind;
  readonly maskedNumber: string;
  readonly isDefault: boolean;
}

/** What was said last is so. */
const described = (row: PaymentMethodRow, { kind, maskedNumber, isDefault }: Description, at: Date): Partial<PaymentMethodRow> =>
  row.describedAt !== null && row.describedAt > at ? {} : { kind, maskedNumber, isDefault, describedAt: at };

const on = projectionsOf<PaymentMethodRow>();
const own = ({ paymentMethodId }: { readonly paymentMethodId: string }) => paymentMethodId;

const projections = [
  on(methods.PaymentMethodRegistered, own, (row, data, at) => ({ ...described(row, data, at), registeredAt: at })),
  on(methods.PaymentMethodChanged, own, (row, data, at) => described(row, data, at)),
  on(methods.PaymentMethodRemoved, own, (row, data, at) => ({ ...described(row, { ...data, isDefault: false }, at), removedAt: at })),
];

function shown({ removedAt, describedAt, version, ...row }: PaymentMethodRow) {
  const { kind, maskedNumber, registeredAt } = row;
  if (removedAt !== null || kind === null || maskedNumber === null || registeredAt === null) return null;
  return { ...row, __typename: 'MyPagePaymentMethod' as const, status: 'REGISTERED' as const, kind, maskedNumber, registeredAt };
}

/** A payment method as its account sees it. */
export type PaymentMethod = NonNullable<ReturnType<typeof shown>>;

export const paymentMethodsView: View<PaymentMethodRow, PaymentMethod> = {
  name: 'PAYMENT_METHOD',
  table: 'PaymentMethodRow',
  blank: (row) => ({ ...row, kind: null, maskedNumber: null, isDefault: false, registeredAt: null, removedAt: null, describedAt: null }),
  projections,
  shown,
};

export interface PaymentMethodsArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

/** What can be charged? */
export const paymentMethods = (prisma: PrismaClient) => ({
  async ofAccount(accountId: string, { first, after }: PaymentMethodsArguments) {
    const { take, cursorId } = pageOf({ first, after });
    const rows = await prisma.paymentMethodRow.findMany({
      where: { accountId, removedAt: null, registeredAt: { not: null }, id: cursorId === undefined ? undefined : { lt: cursorId } },
      orderBy: { id: 'desc' },
      take,
    });
    return connectionOf(
      rows.flatMap((row) => shown(row) ?? []),
      first,
      ({ id }) => id,
      { after },
    );
  },

  async one(id: string): Promise<PaymentMethod | null> {
    const row = await prisma.paymentMethodRow.findUnique({ where: { id } });
    return row && shown(row);
  },
});

export type PaymentMethods = ReturnType<typeof paymentMethods>;
