import { defineCommand, id, idempotencyKey, reference } from '@madang/kernel/domain';
import { z } from 'zod';
import { chargedMethodKind } from '../events.ts';

const number = z.string().regex(/^\d{8,19}$/, 'must be 8 to 19 digits');
const of = { accountId: reference, paymentMethodId: id, revision: z.int().positive(), idempotencyKey };

/** Make a payer's method chargeable. */
export const registerBillingKey = defineCommand(
  'registerBillingKey',
  z.object({ ...of, kind: chargedMethodKind, number, isDefault: z.boolean() }),
);

/** Charge another number, or this method from now on; neither of them: tell how it is, and let nothing older change it. */
export const changeBillingKey = defineCommand(
  'changeBillingKey',
  z.object({ ...of, number: number.nullish(), isDefault: z.literal(true).nullish() }),
);

/** Never charge it again. */
export const revokeBillingKey = defineCommand('revokeBillingKey', z.object(of));
