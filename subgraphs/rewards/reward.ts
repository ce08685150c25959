import type { Aggregate } from '@madang/kernel/domain';
import type { RewardEvent } from './events.ts';

/** A reward (리워드): the points of one achieved mission. It never changes. */
export interface Reward {
  readonly id: string;
  readonly accountId: string;
  readonly missionId: string;
  /** One record has one reward. */
  readonly recordId: string;
  /** Of the mission, as it was then. */
  readonly title: string;
  readonly points: number;
  readonly grantedAt: Date;
}

export const reward: Aggregate<Reward, RewardEvent> = {
  name: 'reward',
  evolve(_, { data: { rewardId: id, at, ...granted } }) {
    return { id, ...granted, grantedAt: new Date(at) };
  },
};
