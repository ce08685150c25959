import { defineContext, react } from '@madang/kernel/context';
import { heardTrainers } from './adapters/heard-trainers.ts';
import { schedulesAt } from './adapters/pt-trainers.ts';
import { assignmentsByOrder } from './adapters/trainer-assignment-store.ts';
import { cancelling as cancellingOf } from './cancelling.ts';
import * as events from './events.ts';
import { PrismaClient } from './generated/prisma/client.ts';
import { handlers } from './handlers.ts';
import { acceptOrderWhenPtOrdered } from './policies/accept-order-when-pt-ordered.ts';
import { cancelAssignmentWhenCancellationRequested } from './policies/cancel-assignment-when-cancellation-requested.ts';
import { confirmAssignmentWhenScheduleConfirmed } from './policies/confirm-assignment-when-schedule-confirmed.ts';
import { hearOfTrainerWhenRoleGranted } from './policies/hear-of-trainer-when-role-granted.ts';
import { trainerAssignments } from './read-models/trainer-assignments.ts';
import { type Loaders, resolvers } from './resolvers.ts';

/** Which trainer gives which lesson. */
export const ptManagers = defineContext({
  name: 'pt-managers',
  events,
  sdl: new URL('../../schema/subgraphs/pt-managers.graphql', import.meta.url),
  calls: ['pt-trainers'],
  build(kernel) {
    const prisma = new PrismaClient({ adapter: kernel.db.prismaAdapter() });
    const assignments = assignmentsByOrder(prisma);
    const cancelling = cancellingOf(kernel, { assignments, schedules: schedulesAt(kernel.edge('pt-trainers')) });
    const run = handlers(kernel, { assignments, heard: heardTrainers(prisma), cancelling });
    const model = trainerAssignments(prisma);
    return {
      resolvers: resolvers(run, model),
      loaders: ({ actor }): Loaders => ({ assignments: model.loader(actor), byOrder: model.byOrder(actor) }),
      reactions: [
        react(acceptOrderWhenPtOrdered, run.acceptOrder),
        react(cancelAssignmentWhenCancellationRequested, run.cancelAssignment),
        react(confirmAssignmentWhenScheduleConfirmed, run.confirmAssignment),
        react(hearOfTrainerWhenRoleGranted, run.hearOfTrainer),
      ],
      intents: cancelling.intents,
      close: () => prisma.$disconnect(),
    };
  },
});
