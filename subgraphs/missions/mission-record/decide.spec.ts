import { anonymous, service, user } from '@madang/kernel/domain';
import { given } from '@madang/kernel/testing';
import { describe, expect, it } from 'vitest';
import { MissionAchieved, MissionMessaged, MissionMessageFailed, MissionRewarded } from '../events.ts';
import { achieveMission } from './commands.ts';
import { decideAchieve, decideFollowMessage, decideReward } from './decide.ts';
import { type MissionRecordChange, missionRecord, rewardMessageHeard } from './mission-record.ts';

const [recordId, newId] = ['01936d5e-0000-7000-8000-000000000501', '01936d5e-0000-7000-8000-000000000502'];
const [accountId, missionId] = ['01900000-0000-7000-8000-000000000001', '01936d5e-0000-7000-8000-000000000511'];
const [rewardId, messageId] = ['01936d5e-0000-7000-8000-000000000521', '01936d5e-0000-7000-8000-0000000000a1'];
const now = new Date('2026-11-20T06:00:00Z');
const at = now.toISOString();
const of = { recordId, accountId, missionId, at };
const mission = { id: missionId, title: '첫 대여', description: '킥보드를 빌려 보세요.', points: 500, active: true };
const worth = { title: mission.title, points: mission.points };

const achieved = MissionAchieved({ ...of, ...worth });
const rewarded = MissionRewarded({ ...of, ...worth, rewardId });
const messaged = MissionMessaged({ ...of, messageId, channel: 'TELEGRAM' });
const failed = MissionMessageFailed({ ...of, messageId, channel: 'TELEGRAM', reason: 'the chat was not found' });
const heard = rewardMessageHeard({ id: messageId, channel: 'TELEGRAM', failure: null, at });
const heardFailed = rewardMessageHeard({ id: messageId, channel: 'TELEGRAM', failure: 'the chat was not found', at });

const having = (...events: MissionRecordChange[]) => given(missionRecord, events);
const customer = { now, actor: user(accountId, 'CUSTOMER') };
const achieve = { ...achieveMission.parse({ missionId }), mission, newId: recordId };
const grant = { recordId, rewardId };
const sent = { recordId, messageId, channel: 'TELEGRAM', failure: null };
const undelivered = { ...sent, failure: 'the chat was not found' };

describe('achieving a mission', () => {
  it('is recorded with what it is worth now', () => {
    having().when(decideAchieve, achieve, customer).then(achieved);
    expect(having(achieved).state).toEqual({
      ...{ id: recordId, accountId, missionId, ...worth, achievedAt: now },
      ...{ status: 'ACHIEVED', reward: null, message: null },
    });
  });

  it('happens once', () => {
    for (const events of [[achieved], [achieved, rewarded], [achieved, rewarded, messaged], [achieved, rewarded, failed]])
      having(...events)
        .when(decideAchieve, { ...achieve, newId }, customer)
        .thenRefused('ALREADY_ACHIEVED', { recordId });
  });

  it('is refused for what is over, and for what is not there', () => {
    having()
      .when(decideAchieve, { ...achieve, mission: { ...mission, active: false } }, customer)
      .thenRefused('MISSION_NOT_ACTIVE');
    having()
      .when(decideAchieve, { ...achieve, mission: null }, customer)
      .thenRefused('NOT_FOUND');
  });

  it.each([anonymous, service('rewards')])('is a signed-in account’s, not %j’s', (actor) => {
    having().when(decideAchieve, achieve, { now, actor }).thenRefused('UNAUTHENTICATED');
  });

  it.each([
    ['missionId', { missionId: 'x' }],
    ['idempotencyKey', { missionId, idempotencyKey: '' }],
  ])('names %s as the field at fault: %j', (field, input) => {
    expect(() => achieveMission.parse(input)).toThrow(expect.objectContaining({ code: 'BAD_INPUT', details: { field } }));
  });
});

describe('its reward', () => {
  it('is taken down once', () => {
    having(achieved).when(decideReward, grant, { now }).then(rewarded);
    expect(having(achieved, rewarded).state).toMatchObject({ status: 'REWARDED', reward: { id: rewardId, at: now }, message: null });
    for (const events of [
      [achieved, rewarded],
      [achieved, rewarded, messaged],
      [achieved, rewarded, failed],
    ])
      having(...events)
        .when(decideReward, grant, { now })
        .thenNothing();
  });

  it('is told before what was heard of its message', () => {
    having(achieved, heard).when(decideReward, grant, { now }).then(rewarded, messaged);
    having(achieved, heardFailed).when(decideReward, grant, { now }).then(rewarded, failed);
  });

  it('of what nobody has achieved is refused', () => {
    having().when(decideReward, grant, { now }).thenRefused('NOT_FOUND');
  });
});

describe('the message of its reward', () => {
  it('that was sent is taken down once', () => {
    having(achieved, rewarded).when(decideFollowMessage, sent, { now }).then(messaged);
    expect(having(achieved, rewarded, messaged).state).toMatchObject({ status: 'MESSAGED', message: { id: messageId, failure: null } });
    for (const told of [sent, undelivered]) having(achieved, rewarded, messaged).when(decideFollowMessage, told, { now }).thenNothing();
  });

  it('that has failed leaves it rewarded, with the reason', () => {
    having(achieved, rewarded).when(decideFollowMessage, undelivered, { now }).then(failed);
    expect(having(achieved, rewarded, failed).state).toMatchObject({
      status: 'REWARDED',
      message: { id: messageId, failure: 'the chat was not found', at: now },
    });
    having(achieved, rewarded, failed).when(decideFollowMessage, undelivered, { now }).thenNothing();
  });

  it('that arrives after another has failed counts', () => {
    having(achieved, rewarded, failed).when(decideFollowMessage, sent, { now }).then(messaged);
    expect(having(achieved, rewarded, failed, messaged).state).toEqual(having(achieved, rewarded, messaged).state);
  });

  it('waits for the reward', () => {
    having(achieved).when(decideFollowMessage, sent, { now }).then(heard);
    having(achieved).when(decideFollowMessage, undelivered, { now }).then(heardFailed);
    having(achieved, heardFailed).when(decideFollowMessage, sent, { now }).then(heard);
    for (const told of [sent, undelivered]) having(achieved, heard).when(decideFollowMessage, told, { now }).thenNothing();
    expect(having(achieved, heard).state?.status).toBe('ACHIEVED');
  });

  it('of what nobody has achieved is refused', () => {
    having().when(decideFollowMessage, sent, { now }).thenRefused('NOT_FOUND');
  });
});

it('a record that lacks what an event follows from is a fault', () => {
  expect(() => having(rewarded)).toThrow('MissionRewarded of a record that is not there');
  expect(() => having(achieved, messaged)).toThrow('MissionMessaged of a record that is ACHIEVED');
});
