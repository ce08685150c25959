import { defineCommand, id, idempotencyKey } from '@madang/kernel/domain';
import { z } from 'zod';
import { paymentMethodKind } from './events.ts';
import { bare } from './numbers.ts';

const number = z.string().max(64, 'is too long').transform(bare);

/** Register a card or an account (결제수단 등록). */
export const registerPaymentMethod = defineCommand(
  'registerPaymentMethod',
  z.object({ kind: paymentMethodKind, number, idempotencyKey: idempotencyKey.nullish() }),
);

/** Give it a new number (결제수단 변경). */
export const changePaymentMethod = defineCommand('changePaymentMethod', z.object({ paymentMethodId: id, number }));

/** Have payments charged to it (기본 결제수단 지정). */
export const makePaymentMethodDefault = defineCommand('makePaymentMethodDefault', z.object({ paymentMethodId: id }));

/** Remove it (결제수단 삭제). */
export const removePaymentMethod = defineCommand('removePaymentMethod', z.object({ paymentMethodId: id }));
