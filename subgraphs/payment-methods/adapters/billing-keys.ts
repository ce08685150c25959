import type { Cause } from '@madang/kernel/context';
import type { Edge } from '@madang/kernel/resilience';
import {
  ChangeBillingKeyDocument,
  type ChangeBillingKeyInput,
  RegisterBillingKeyDocument,
  RevokeBillingKeyDocument,
} from '../generated/payments.ts';
import type { BillingKeys } from '../ports.ts';

const keyOf = ({ paymentMethodId, revision }: { paymentMethodId: string; revision: number }) => `${paymentMethodId}:${revision}`;

/** Billing keys, by calling payments. */
export function calledBillingKeys(edge: Edge): BillingKeys {
  const change = async (input: Omit<ChangeBillingKeyInput, 'idempotencyKey'>, cause: Cause) =>
    (await edge.call(ChangeBillingKeyDocument, { input: { ...input, idempotencyKey: keyOf(input) } }, cause)).changeBillingKey;
  return {
    register: async (input, cause) =>
      (await edge.call(RegisterBillingKeyDocument, { input: { ...input, idempotencyKey: keyOf(input) } }, cause)).registerBillingKey,
    changeNumber: change,
    makeDefault: (input, cause) => change({ ...input, isDefault: true }, cause),
    inspect: change,
    revoke: async (input, cause) =>
      (await edge.call(RevokeBillingKeyDocument, { input: { ...input, idempotencyKey: keyOf(input) } }, cause)).revokeBillingKey,
  };
}
