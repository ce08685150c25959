import { defineEvent, type EventOf, id, instant, reference } from '@madang/kernel/domain';
import { z } from 'zod';

/** What a payment method is (종류). */
export const paymentMethodKind = z.enum(['CREDIT_CARD', 'DEBIT_CARD', 'BANK_ACCOUNT']);

/** All but the last four digits hidden. */
const maskedNumber = z.string().regex(/^[*-]+\d{4}$/);
const of = { paymentMethodId: id, accountId: reference, kind: paymentMethodKind, maskedNumber, at: instant };

const example = {
  paymentMethodId: '01936d5e-0000-7000-8000-0000000000b1',
  accountId: '01900000-0000-7000-8000-000000000001',
  kind: 'CREDIT_CARD' as const,
  maskedNumber: '****-****-****-4242',
  at: '2026-11-20T06:00:00.000Z',
};

const ofPaymentMethod = {
  context: 'payment-methods',
  aggregate: 'payment-method',
  version: 1,
  key: (data: { paymentMethodId: string }) => data.paymentMethodId,
};

/** A customer registered it (결제수단 등록). */
export const PaymentMethodRegistered = defineEvent({
  ...ofPaymentMethod,
  name: 'PaymentMethodRegistered',
  payload: z.object({ ...of, isDefault: z.boolean() }),
  examples: [{ ...example, isDefault: true }],
});

/**
 * It has a new number, or it became or ceased to be the default (결제수단 변경): `isDefault` tells which. When the default moves from one method to another, each of the
 * two has an event of its own.
 */
export const PaymentMethodChanged = defineEvent({
  ...ofPaymentMethod,
  name: 'PaymentMethodChanged',
  payload: z.object({ ...of, isDefault: z.boolean(), change: z.enum(['NUMBER', 'DEFAULT']) }),
  examples: [
    { ...example, maskedNumber: '****-****-****-4444', isDefault: true, change: 'NUMBER' },
    { ...example, isDefault: false, change: 'DEFAULT' },
  ],
});

/** Its owner removed it (결제수단 삭제): it is never charged again. */
export const PaymentMethodRemoved = defineEvent({
  ...ofPaymentMethod,
  name: 'PaymentMethodRemoved',
  payload: z.object(of),
  examples: [example],
});

/** All that payment-methods publishes. */
export type PublishedPaymentMethodEvent =
  | EventOf<typeof PaymentMethodRegistered>
  | EventOf<typeof PaymentMethodChanged>
  | EventOf<typeof PaymentMethodRemoved>;
