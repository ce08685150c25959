import type { Kernel } from '@madang/kernel/context';
import type { BillingKeyStore } from './adapters/billing-key-store.ts';
import type { Fingerprint } from './adapters/fingerprint.ts';
import type { PaymentStore } from './adapters/payment-store.ts';
import { billingKeyHandlers } from './billing-key/handlers.ts';
import { paymentEffects } from './payment/effects.ts';
import { paymentHandlers } from './payment/handlers.ts';
import type { Deliveries, PaymentProcessor } from './ports.ts';

export interface Adapters {
  readonly payments: PaymentStore;
  readonly keys: BillingKeyStore;
  readonly processor: PaymentProcessor;
  readonly deliveries: Deliveries;
  readonly fingerprint: Fingerprint;
}

/** Longer than a charge takes, with all that the processor may be slow: the sweep stays away for so long, ms. */
const DUE_IN_MS = 3_000;

/** All commands, and the handlers of the intents that they leave. */
export function handlers(kernel: Kernel, { payments, keys, processor, deliveries, fingerprint }: Adapters) {
  const effects = paymentEffects({ kernel, payments, processor, deliveries, dueInMs: DUE_IN_MS });
  const { billingKeyIntents, ...onBillingKeys } = billingKeyHandlers(kernel, keys, processor, fingerprint);
  return {
    ...paymentHandlers(kernel, payments, effects),
    ...onBillingKeys,
    intents: { ...effects.intents, ...billingKeyIntents },
  };
}

export type Handlers = ReturnType<typeof handlers>;
