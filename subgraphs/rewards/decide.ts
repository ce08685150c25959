import type { Decide, InputOf } from '@madang/kernel/domain';
import type { grantReward } from './commands.ts';
import { type RewardEvent, RewardGranted } from './events.ts';
import type { Reward } from './reward.ts';

/** What there is not, when there is not, or it is another's. */
export const WHAT = 'The reward';

/** `state` is the record's reward, `newId` is for a new one: an achievement is rewarded once, however often it is told. */
export const decideGrant: Decide<Reward, InputOf<typeof grantReward> & { readonly newId: string }, RewardEvent> = (
  state,
  { newId, ...achieved },
  { now },
) => (state === null ? [RewardGranted({ rewardId: newId, ...achieved, at: now.toISOString() })] : []);
