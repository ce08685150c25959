import type { Cause, Kernel } from '@madang/kernel/context';
import { service } from '@madang/kernel/domain';
import type { BillingKeyStore } from './adapters/billing-key-store.ts';
import type { Handlers } from './handlers.ts';

/** What the demo customer is charged by; the payment-methods context shows it under the same id. */
export const demoBillingKey = {
  accountId: '01900000-0000-7000-8000-000000000001',
  paymentMethodId: '01900000-0000-7000-8000-0000000c0001',
  kind: 'CREDIT_CARD',
  number: '4242424242424242',
  isDefault: true,
  revision: 1,
  idempotencyKey: 'demo',
} as const;

/** Makes the demo customer's payment method chargeable, once; what has become of it since stays. */
export async function seedDemo(kernel: Kernel, keys: BillingKeyStore, run: Handlers): Promise<void> {
  if (await keys.load(demoBillingKey.paymentMethodId)) return;
  const cause: Cause = { actor: service(kernel.name), correlationId: kernel.newId() };
  await run.registerBillingKey(demoBillingKey, cause);
}
