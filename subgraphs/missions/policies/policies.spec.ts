import type { Policy, Received } from '@madang/kernel/domain';
import { MessageFailed, MessageSent } from '@madang/notifications/events';
import { RewardGranted } from '@madang/rewards/events';
import { expect, it } from 'vitest';
import { followMessageWhenMessageFailed } from './follow-message-when-message-failed.ts';
import { followMessageWhenMessageSent } from './follow-message-when-message-sent.ts';
import { rewardMissionWhenRewardGranted } from './reward-mission-when-reward-granted.ts';

const told = <Input, Data>(policy: Policy<Input, Data>, data: object) => policy.then({ data } as Received<Data>);

const recordId = '01936d5e-0000-7000-8000-000000000501';
const [sent] = MessageSent.examples;
const [failed] = MessageFailed.examples;
const ours = { template: 'MISSION_REWARDED', about: { type: 'MISSION_RECORD', id: recordId }, channel: 'TELEGRAM' };

it('a reward is of the record that it names', () => {
  const [{ rewardId } = { rewardId: '' }] = RewardGranted.examples;
  expect(told(rewardMissionWhenRewardGranted, { ...RewardGranted.examples[0], recordId })).toEqual({ recordId, rewardId });
});

it('a message counts when it tells of a reward', () => {
  const message = { recordId, messageId: sent?.messageId, channel: 'TELEGRAM' };
  expect(told(followMessageWhenMessageSent, { ...sent, ...ours })).toEqual({ ...message, failure: null });
  expect(told(followMessageWhenMessageFailed, { ...failed, ...ours, reason: 'blocked' })).toEqual({ ...message, failure: 'blocked' });
});

it.each([{}, { ...ours, template: 'GIFT_EXCHANGED' }, { ...ours, about: { type: 'GIFT', id: recordId } }])(
  'a message of anything else does not: %j',
  (other) => {
    expect(told(followMessageWhenMessageSent, { ...sent, ...other })).toBeNull();
    expect(told(followMessageWhenMessageFailed, { ...failed, ...other })).toBeNull();
  },
);
