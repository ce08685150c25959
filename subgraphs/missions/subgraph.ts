import { defineContext, react } from '@madang/kernel/context';
import { missionsById } from './adapters/mission-store.ts';
import { recordsByAchievement, recordsById } from './adapters/record-store.ts';
import * as events from './events.ts';
import { PrismaClient } from './generated/prisma/client.ts';
import { handlers } from './handlers.ts';
import { followMessageWhenMessageFailed } from './policies/follow-message-when-message-failed.ts';
import { followMessageWhenMessageSent } from './policies/follow-message-when-message-sent.ts';
import { rewardMissionWhenRewardGranted } from './policies/reward-mission-when-reward-granted.ts';
import { missionRecords } from './read-models/mission-records.ts';
import { missions as missionsModel } from './read-models/missions.ts';
import { type Loaders, resolvers } from './resolvers.ts';
import { seedMissions } from './seeds.ts';

/** Missions, and who has achieved them. */
export const missions = defineContext({
  name: 'missions',
  events,
  sdl: new URL('../../schema/subgraphs/missions.graphql', import.meta.url),
  build(kernel) {
    const prisma = new PrismaClient({ adapter: kernel.db.prismaAdapter() });
    const store = missionsById(prisma);
    const model = missionsModel(prisma);
    const records = missionRecords(prisma);
    const run = handlers(kernel, {
      missions: store,
      findMission: model.find,
      byId: recordsById(prisma),
      byAchievement: recordsByAchievement(prisma),
    });
    return {
      resolvers: resolvers(run, { missions: model, records }),
      loaders: ({ actor }): Loaders => ({ missions: model.loader(), records: records.loader(actor) }),
      reactions: [
        react(rewardMissionWhenRewardGranted, run.rewardMission),
        react(followMessageWhenMessageSent, run.followMessage),
        react(followMessageWhenMessageFailed, run.followMessage),
      ],
      seed: () => seedMissions(kernel, store, run),
      close: () => prisma.$disconnect(),
    };
  },
});
