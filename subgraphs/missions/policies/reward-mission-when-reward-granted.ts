import { policy } from '@madang/kernel/domain';
import { RewardGranted } from '@madang/rewards/events';

/** What was achieved is rewarded. */
export const rewardMissionWhenRewardGranted = policy(
  'reward-mission-when-reward-granted',
  RewardGranted,
  ({ data: { recordId, rewardId } }) => ({ recordId, rewardId }),
);
