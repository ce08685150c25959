import { defineContext, react } from '@madang/kernel/context';
import { rewardsByRecord } from './adapters/reward-store.ts';
import * as events from './events.ts';
import { PrismaClient } from './generated/prisma/client.ts';
import { handlers } from './handlers.ts';
import { grantRewardWhenMissionAchieved } from './policies/grant-reward-when-mission-achieved.ts';
import { rewards as rewardsModel } from './read-models/rewards.ts';
import { type Loaders, resolvers } from './resolvers.ts';

/** The rewards of achieved missions. */
export const rewards = defineContext({
  name: 'rewards',
  events,
  sdl: new URL('../../schema/subgraphs/rewards.graphql', import.meta.url),
  build(kernel) {
    const prisma = new PrismaClient({ adapter: kernel.db.prismaAdapter() });
    const run = handlers(kernel, rewardsByRecord(prisma));
    const model = rewardsModel(prisma);
    return {
      resolvers: resolvers(model),
      loaders: ({ actor }): Loaders => ({ rewards: model.loader(actor), byRecord: model.byRecord(actor) }),
      reactions: [react(grantRewardWhenMissionAchieved, run.grantReward)],
      close: () => prisma.$disconnect(),
    };
  },
});
