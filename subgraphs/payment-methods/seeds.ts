import type { Cause, Kernel, Store } from '@madang/kernel/context';
import { service } from '@madang/kernel/domain';
import { methodWrites } from './adapters/payment-method-store.ts';
import { decideSeed } from './decide.ts';
import { type PaymentMethods, paymentMethods } from './payment-methods.ts';

/** The demo customer's card; the payments context has its billing key under the same id. */
export const demoPaymentMethod = {
  accountId: '01900000-0000-7000-8000-000000000001',
  paymentMethodId: '01900000-0000-7000-8000-0000000c0001',
  kind: 'CREDIT_CARD',
  last4: '4242',
} as const;

/** Registers the demo customer's payment method, once, whether or not payments is up. */
export async function seedDemo(kernel: Kernel, methods: Store<PaymentMethods>): Promise<void> {
  const cause: Cause = { actor: service(kernel.name), correlationId: kernel.newId() };
  await kernel.execute({
    aggregate: paymentMethods,
    store: methods,
    key: demoPaymentMethod.accountId,
    input: demoPaymentMethod,
    decide: decideSeed,
    cause,
    alongside: (state, events) => ({ writes: methodWrites(state, events) }),
  });
}
