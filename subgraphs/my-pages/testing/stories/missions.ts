import { type Happening, story } from '../happenings.ts';

/** What may happen to the record of a mission. */
export const MISSION_STORIES: Readonly<Record<string, Happening[]>> = {
  'only achieved': story('MissionAchieved'),
  'rewarded, and told of': story('MissionAchieved', 'RewardGranted', 'MissionRewarded', 'MissionMessaged'),
  'rewarded, and could not be told of': story('MissionAchieved', 'RewardGranted', 'MissionRewarded', 'MissionMessageFailed'),
  'rewarded, and told of in the end': story(
    'MissionAchieved',
    'RewardGranted',
    'MissionRewarded',
    ['MissionMessageFailed', { messageId: '01936d5e-0000-7000-8000-0000000000a7' }],
    ['MissionMessageFailed', { messageId: '01936d5e-0000-7000-8000-0000000000a8', reason: 'blocked' }],
    'MissionMessaged',
  ),
};
