import { defineContext } from '@madang/kernel/context';
import { calledBillingKeys } from './adapters/billing-keys.ts';
import { paymentMethodStore } from './adapters/payment-method-store.ts';
import { requestPrints } from './adapters/request-print.ts';
import { paymentMethodsConfig } from './config.ts';
import * as events from './events.ts';
import { handlers } from './handlers.ts';
import { paymentMethodsModel } from './read-models/payment-methods.ts';
import { type Loaders, resolvers } from './resolvers.ts';
import { seedDemo } from './seeds.ts';

/** Payment methods (결제수단): what customers may be charged by. */
export const paymentMethods = defineContext({
  name: 'payment-methods',
  events,
  sdl: new URL('../../schema/subgraphs/payment-methods.graphql', import.meta.url),
  calls: ['payments'],
  build(kernel) {
    const config = paymentMethodsConfig(kernel.env);
    const methods = paymentMethodStore(kernel.db);
    const run = handlers(kernel, {
      methods,
      keys: calledBillingKeys(kernel.edge('payments')),
      requestPrint: requestPrints(config.requestSecret),
    });
    const model = paymentMethodsModel(kernel.db);
    return {
      resolvers: resolvers(run, model),
      intents: run.intents,
      loaders: ({ actor }): Loaders => ({ paymentMethods: model.loader(actor) }),
      seed: () => seedDemo(kernel, methods),
    };
  },
});
