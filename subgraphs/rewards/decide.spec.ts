import { given } from '@madang/kernel/testing';
import { describe, expect, it } from 'vitest';
import { decideGrant } from './decide.ts';
import { RewardGranted } from './events.ts';
import { grantRewardWhenMissionAchieved } from './policies/grant-reward-when-mission-achieved.ts';
import { reward } from './reward.ts';

const [rewardId, newId] = ['01936d5e-0000-7000-8000-000000000521', '01936d5e-0000-7000-8000-000000000522'];
const now = new Date('2026-11-20T06:00:00Z');
const achieved = {
  accountId: '01900000-0000-7000-8000-000000000001',
  missionId: '01936d5e-0000-7000-8000-000000000511',
  recordId: '01936d5e-0000-7000-8000-000000000501',
  title: '첫 대여',
  points: 500,
};
const granted = RewardGranted({ rewardId, ...achieved, at: now.toISOString() });

describe('granting a reward', () => {
  it('follows an achievement, with the points that it was worth', () => {
    given(reward, [])
      .when(decideGrant, { ...achieved, newId: rewardId }, { now })
      .then(granted);
    expect(given(reward, [granted]).state).toEqual({ id: rewardId, ...achieved, grantedAt: now });
  });

  it('happens once, whatever is told afterwards', () => {
    for (const told of [achieved, { ...achieved, points: 9_000 }])
      given(reward, [granted])
        .when(decideGrant, { ...told, newId }, { now })
        .thenNothing();
  });

  it('takes from the achievement what it needs', () => {
    const [data] = grantRewardWhenMissionAchieved.when.examples;
    expect(grantRewardWhenMissionAchieved.then({ data } as Parameters<typeof grantRewardWhenMissionAchieved.then>[0])).toEqual(achieved);
  });
});
