import { describe, expect, it } from 'vitest';
import { describeConverging, shownAfter } from '../testing/converging.ts';
import { ACCOUNT, heard, instantOf, RECORD, REWARD, story } from '../testing/happenings.ts';
import { MISSION_STORIES } from '../testing/stories/missions.ts';
import { missionRecordsView as view } from './mission-records.ts';

const MESSAGE = '01936d5e-0000-7000-8000-0000000000a1';

describeConverging('a mission that is', view, MISSION_STORIES);

describe('the row of a mission', () => {
  it('keeps what was achieved, its reward, and the message that told of it', () => {
    expect(shownAfter(view, MISSION_STORIES['rewarded, and told of'])).toEqual({
      __typename: 'MyPageMissionRecord',
      id: RECORD,
      accountId: ACCOUNT,
      missionId: '01936d5e-0000-7000-8000-000000000511',
      title: '수학의 정석 기본편',
      points: 500,
      status: 'MESSAGED',
      rewardId: REWARD,
      messageId: MESSAGE,
      messageChannel: 'TELEGRAM',
      messageFailure: null,
      achievedAt: new Date(instantOf(0)),
      rewardedAt: new Date(instantOf(2)),
      messagedAt: new Date(instantOf(3)),
      updatedAt: new Date(instantOf(3)),
    });
  });

  it.each([
    ['only achieved', { status: 'ACHIEVED', rewardId: null, messageId: null }],
    [
      'rewarded, and could not be told of',
      { status: 'REWARDED', messageId: MESSAGE, messageFailure: { reason: 'the chat was not found', at: new Date(instantOf(3)) } },
    ],
    [
      'rewarded, and told of in the end',
      { status: 'MESSAGED', messageId: MESSAGE, messageFailure: { reason: 'blocked', at: new Date(instantOf(4)) } },
    ],
  ])('%s: %j', (name, expected) => {
    expect(shownAfter(view, MISSION_STORIES[name])).toMatchObject(expected);
  });

  it('has its reward as soon as that is granted, and is not shown before it is achieved', () => {
    expect(heard(view, story('RewardGranted'))).toMatchObject({ row: { rewardId: REWARD }, told: [] });
    expect(shownAfter(view, story('RewardGranted', 'MissionAchieved'))).toMatchObject({ status: 'ACHIEVED', rewardId: REWARD });
  });
});
