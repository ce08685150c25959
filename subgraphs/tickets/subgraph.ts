import { defineContext, react } from '@madang/kernel/context';
import { paymentsAt } from './adapters/payments.ts';
import { ticketsById } from './adapters/ticket-store.ts';
import { ticketsConfig } from './config.ts';
import * as events from './events.ts';
import { PrismaClient } from './generated/prisma/client.ts';
import { handlers } from './handlers.ts';
import { checkApprovalWhenPaymentApproved } from './policies/check-approval-when-payment-approved.ts';
import { followPaymentWhenPaymentCancelled } from './policies/follow-payment-when-payment-cancelled.ts';
import { purchasing as purchasingOf } from './purchasing.ts';
import { tickets as ticketsModel } from './read-models/tickets.ts';
import { type Loaders, resolvers } from './resolvers.ts';
import { demoPurchasing } from './seeds.ts';

/** Tickets that kickboards are rented with. */
export const tickets = defineContext({
  name: 'tickets',
  events,
  sdl: new URL('../../schema/subgraphs/tickets.graphql', import.meta.url),
  calls: ['payments'],
  build(kernel) {
    const prisma = new PrismaClient({ adapter: kernel.db.prismaAdapter() });
    const store = ticketsById(prisma);
    const payments = paymentsAt(kernel.edge('payments'), kernel.name, kernel.log);
    const purchasing = purchasingOf(kernel, { tickets: store, payments, config: ticketsConfig(kernel.env) });
    const run = handlers(kernel, { tickets: store, purchasing });
    const model = ticketsModel(prisma);
    const demo = demoPurchasing(kernel, run, model);
    return {
      resolvers: resolvers(run, model),
      loaders: ({ actor }): Loaders => ({ tickets: model.loader(actor) }),
      reactions: [react(followPaymentWhenPaymentCancelled, run.followPayment), react(checkApprovalWhenPaymentApproved, run.checkApproval)],
      intents: { ...purchasing.intents, ...demo.intents },
      seed: demo.seed,
    };
  },
});
