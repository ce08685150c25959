import { defineContext, react } from '@madang/kernel/context';
import { schedulesById, schedulesByOrder, timetables } from './adapters/pt-schedule-store.ts';
import * as events from './events.ts';
import { PrismaClient } from './generated/prisma/client.ts';
import { handlers } from './handlers.ts';
import { hearOfAccountWhenAccountOpened } from './policies/hear-of-account-when-account-opened.ts';
import { hearOfAccountWhenRoleGranted } from './policies/hear-of-account-when-role-granted.ts';
import { requestScheduleWhenTrainerAssigned } from './policies/request-schedule-when-trainer-assigned.ts';
import { ptSchedules } from './read-models/pt-schedules.ts';
import { trainers } from './read-models/trainers.ts';
import { type Loaders, resolvers } from './resolvers.ts';

/** Trainers, when they teach, and what they say of it. */
export const ptTrainers = defineContext({
  name: 'pt-trainers',
  events,
  sdl: new URL('../../schema/subgraphs/pt-trainers.graphql', import.meta.url),
  build(kernel) {
    const prisma = new PrismaClient({ adapter: kernel.db.prismaAdapter() });
    const run = handlers(kernel, {
      byId: schedulesById(prisma),
      byOrder: schedulesByOrder(prisma),
      timetables: (from) => timetables(prisma, from),
    });
    const models = { schedules: ptSchedules(prisma), trainers: trainers(prisma) };
    return {
      resolvers: resolvers(run, models.schedules, models.trainers),
      loaders: ({ actor }): Loaders => ({
        schedules: models.schedules.loader(actor),
        byOrder: models.schedules.byOrder(actor),
        trainers: models.trainers.loader(actor),
      }),
      reactions: [
        react(requestScheduleWhenTrainerAssigned, run.requestSchedule),
        react(hearOfAccountWhenAccountOpened, run.hearOfAccount),
        react(hearOfAccountWhenRoleGranted, run.hearOfAccount),
      ],
      close: () => prisma.$disconnect(),
    };
  },
});
