import { policy } from '@madang/kernel/domain';
import { RewardGranted } from '@madang/rewards/events';

/** A reward is points. */
export const creditWalletWhenRewardGranted = policy(
  'credit-wallet-when-reward-granted',
  RewardGranted,
  ({ data: { accountId, rewardId, title, points } }) => ({ accountId, rewardId, title, points }),
);
