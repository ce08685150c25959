import type { RequestContext } from '@madang/kernel/graphql';
import type { Resolvers } from './generated/graphql.ts';
import type { RewardLoader, RewardsModel } from './read-models/rewards.ts';

export interface Loaders {
  readonly rewards: RewardLoader;
  /** By the mission record's id. */
  readonly byRecord: RewardLoader;
}

export const resolvers = (rewards: RewardsModel): Resolvers<RequestContext<Loaders>> => ({
  Query: {
    reward: (_, { id }, { cause }) => rewards.byId(id, cause.actor),
  },
  Reward: {
    __resolveReference: ({ id }, ctx) => ctx.loaders.rewards.load(id),
    account: ({ accountId }) => ({ id: accountId }),
    mission: ({ missionId }) => ({ id: missionId }),
    record: ({ recordId }) => ({ id: recordId }),
  },
  MissionRecord: {
    __resolveReference: ({ id }) => ({ id }),
    reward: ({ id }, _, ctx) => ctx.loaders.byRecord.load(id),
  },
  Account: {
    __resolveReference: ({ id }) => ({ id }),
    rewards: ({ id }, list, { cause }) => rewards.ofAccount(id, list, cause.actor),
  },
});
