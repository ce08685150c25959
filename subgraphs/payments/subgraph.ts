import { defineContext, react } from '@madang/kernel/context';
import { rowsOf } from '@madang/kernel/prisma';
import { billingKeyStore } from './adapters/billing-key-store.ts';
import { calledDeliveries } from './adapters/deliveries.ts';
import { fingerprints } from './adapters/fingerprint.ts';
import type { PaymentRow } from './adapters/payment-rows.ts';
import { paymentStore } from './adapters/payment-store.ts';
import { withDeadline } from './adapters/processor-deadline.ts';
import { SandboxProcessor } from './adapters/sandbox/sandbox.ts';
import { paymentsConfig } from './config.ts';
import * as events from './events.ts';
import { handlers } from './handlers.ts';
import { cancelPaymentWhenCleaningCancelled } from './policies/cancel-payment-when-cleaning-cancelled.ts';
import { cancelPaymentWhenTextbookCancellationRequested } from './policies/cancel-payment-when-textbook-cancellation-requested.ts';
import { payments as paymentsModel } from './read-models/payments.ts';
import { type Loaders, resolvers } from './resolvers.ts';
import { seedDemo } from './seeds.ts';

/** Payments (결제), and what payers are charged by. */
export const payments = defineContext({
  name: 'payments',
  events,
  sdl: new URL('../../schema/subgraphs/payments.graphql', import.meta.url),
  calls: ['deliveries'],
  build(kernel) {
    const config = paymentsConfig(kernel.env);
    const keys = billingKeyStore(kernel.db);
    const run = handlers(kernel, {
      payments: paymentStore(kernel.db),
      keys,
      processor: withDeadline(new SandboxProcessor(kernel.db, config.sandboxLatency), config.processorTimeoutMs),
      deliveries: calledDeliveries(kernel.edge('deliveries')),
      fingerprint: fingerprints(config.fingerprintSecret),
    });
    const model = paymentsModel(rowsOf<PaymentRow>(kernel.db, 'Payment'));
    return {
      resolvers: resolvers(run, model),
      reactions: [
        react(cancelPaymentWhenTextbookCancellationRequested, run.cancelPayment),
        react(cancelPaymentWhenCleaningCancelled, run.cancelPayment),
      ],
      intents: run.intents,
      loaders: ({ actor }): Loaders => ({ payments: model.loader(actor) }),
      seed: () => seedDemo(kernel, keys, run),
    };
  },
});
