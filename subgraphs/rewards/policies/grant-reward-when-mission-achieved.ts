import { policy } from '@madang/kernel/domain';
import { MissionAchieved } from '@madang/missions/events';

/** What is achieved is rewarded, with the points that it was worth. */
export const grantRewardWhenMissionAchieved = policy(
  'grant-reward-when-mission-achieved',
  MissionAchieved,
  ({ data: { accountId, missionId, recordId, title, points } }) => ({ accountId, missionId, recordId, title, points }),
);
