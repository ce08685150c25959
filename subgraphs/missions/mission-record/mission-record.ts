import { type Aggregate, defineFact, type Fact } from '@madang/kernel/domain';
import type { MissionRecordEvent } from '../events.ts';

interface Achievement {
  readonly id: string;
  readonly accountId: string;
  /** An account achieves a mission once. */
  readonly missionId: string;
  /** Of the mission, as it was then. */
  readonly title: string;
  readonly points: number;
  readonly achievedAt: Date;
}

export interface GrantedReward {
  readonly id: string;
  readonly at: Date;
}

/** What became of the message that tells the customer of the reward. */
export interface RewardMessage {
  readonly id: string;
  readonly channel: string;
  readonly at: Date;
  /** Null when it was sent. */
  readonly failure: string | null;
}

/** A record of an achievement (미션 기록). A message that is told of before the reward waits for it. */
export type MissionRecord = Achievement &
  (
    | { readonly status: 'ACHIEVED'; readonly reward: null; readonly message: RewardMessage | null }
    | { readonly status: 'REWARDED'; readonly reward: GrantedReward; readonly message: RewardMessage | null }
    | { readonly status: 'MESSAGED'; readonly reward: GrantedReward; readonly message: RewardMessage }
  );

export type MissionRecordStatus = MissionRecord['status'];

/** The message was told of before the reward. */
export type RewardMessageHeard = Fact<'RewardMessageHeard', Omit<RewardMessage, 'at'> & { readonly at: string }>;
export const rewardMessageHeard = defineFact<RewardMessageHeard>('RewardMessageHeard');

export type MissionRecordChange = MissionRecordEvent | RewardMessageHeard;

export const missionRecord: Aggregate<MissionRecord, MissionRecordChange> = {
  name: 'mission record',
  evolve(state, event) {
    const at = new Date(event.data.at);
    if (event.name === 'MissionAchieved') {
      const { recordId: id, accountId, missionId, title, points } = event.data;
      return { id, accountId, missionId, title, points, achievedAt: at, status: 'ACHIEVED', reward: null, message: null };
    }
    if (event.name === 'MissionRewarded' && state)
      return { ...state, status: 'REWARDED', reward: { id: event.data.rewardId, at }, message: null };
    if (event.name === 'RewardMessageHeard' && state?.status === 'ACHIEVED') return { ...state, message: { ...event.data, at } };
    if (event.name === 'MissionMessaged' && state?.reward) {
      const { messageId: id, channel } = event.data;
      return { ...state, status: 'MESSAGED', message: { id, channel, at, failure: null } };
    }
    if (event.name === 'MissionMessageFailed' && state?.reward) {
      const { messageId: id, channel, reason } = event.data;
      return { ...state, status: 'REWARDED', message: { id, channel, at, failure: reason } };
    }
    throw new TypeError(`${event.name} of a record that is ${state?.status ?? 'not there'}`);
  },
};
