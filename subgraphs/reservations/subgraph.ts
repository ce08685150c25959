import { defineContext, react } from '@madang/kernel/context';
import { paymentsAt } from './adapters/payments.ts';
import { plansByName } from './adapters/plan-store.ts';
import { reservationsById } from './adapters/reservation-store.ts';
import { reservationsConfig } from './config.ts';
import { demoReserving } from './demo-reservations.ts';
import * as events from './events.ts';
import { PrismaClient } from './generated/prisma/client.ts';
import { handlers } from './handlers.ts';
import { paying as payingOf } from './paying.ts';
import { followCleaningWhenCleaningCancelRefused } from './policies/follow-cleaning-when-cleaning-cancel-refused.ts';
import { followCleaningWhenCleaningCompleted } from './policies/follow-cleaning-when-cleaning-completed.ts';
import { followCleaningWhenCleaningConfirmed } from './policies/follow-cleaning-when-cleaning-confirmed.ts';
import { settlePaymentWhenPaymentApproved } from './policies/settle-payment-when-payment-approved.ts';
import { settlePaymentWhenPaymentCancelled } from './policies/settle-payment-when-payment-cancelled.ts';
import { cleaningPlans } from './read-models/cleaning-plans.ts';
import { cleaningReservations } from './read-models/cleaning-reservations.ts';
import { type Loaders, resolvers } from './resolvers.ts';
import { seedPlans } from './seeds.ts';

/** Cleaning reservations, and the plans that they are for. */
export const reservations = defineContext({
  name: 'reservations',
  events,
  sdl: new URL('../../schema/subgraphs/reservations.graphql', import.meta.url),
  calls: ['payments'],
  build(kernel) {
    const prisma = new PrismaClient({ adapter: kernel.db.prismaAdapter() });
    const store = reservationsById(prisma);
    const plans = cleaningPlans(prisma);
    const shown = cleaningReservations(prisma);
    const payments = paymentsAt(kernel.edge('payments'), kernel.name, kernel.log);
    const paying = payingOf(kernel, { reservations: store, payments, config: reservationsConfig(kernel.env) });
    const run = handlers(kernel, { reservations: store, plansByName: plansByName(prisma), findPlan: plans.find, paying });
    const demo = demoReserving(kernel, run, shown);
    return {
      resolvers: resolvers(run, { plans, reservations: shown }),
      loaders: ({ actor }): Loaders => ({ plans: plans.loader(), reservations: shown.loader(actor) }),
      reactions: [
        react(settlePaymentWhenPaymentApproved, run.settlePayment),
        react(settlePaymentWhenPaymentCancelled, run.settlePayment),
        react(followCleaningWhenCleaningConfirmed, run.followCleaning),
        react(followCleaningWhenCleaningCompleted, run.followCleaning),
        react(followCleaningWhenCleaningCancelRefused, run.followCleaning),
      ],
      intents: { ...paying.intents, ...demo.intents },
      async seed() {
        await seedPlans(kernel, plansByName(prisma), run);
        await demo.seed();
      },
      close: () => prisma.$disconnect(),
    };
  },
});
