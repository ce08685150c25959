import { type Decide, type InputOf, notFound, Refused, requireUser } from '@madang/kernel/domain';
import { MissionAchieved, MissionMessaged, MissionMessageFailed, MissionRewarded } from '../events.ts';
import type { Mission } from '../mission/mission.ts';
import type { achieveMission, followMessage, rewardMission } from './commands.ts';
import { type MissionRecord, type MissionRecordChange, rewardMessageHeard } from './mission-record.ts';

type Decision<Input> = Decide<MissionRecord, Input, MissionRecordChange>;

/** What there is not, when there is not, or it is another's. */
export const WHAT = 'The mission record';

const known = (state: MissionRecord | null): MissionRecord => {
  if (state === null) throw notFound(WHAT);
  return state;
};

const of = ({ id, accountId, missionId }: MissionRecord, now: Date) => ({ recordId: id, accountId, missionId, at: now.toISOString() });

/** `state` is the account's record of that mission, `newId` is for a new one. */
export const decideAchieve: Decision<InputOf<typeof achieveMission> & { readonly newId: string; readonly mission: Mission | null }> = (
  state,
  { newId, mission },
  { actor, now },
) => {
  const { accountId } = requireUser(actor);
  if (mission === null) throw notFound('The mission');
  if (state !== null) throw new Refused('ALREADY_ACHIEVED', 'You have achieved it. 이미 달성한 미션입니다.', { recordId: state.id });
  const { id: missionId, active, title, points } = mission;
  if (!active) throw new Refused('MISSION_NOT_ACTIVE', 'This mission is over. 종료된 미션입니다.');
  return [MissionAchieved({ recordId: newId, accountId, missionId, title, points, at: now.toISOString() })];
};

const messaged = (record: MissionRecord, { messageId, channel, failure }: Omit<InputOf<typeof followMessage>, 'recordId'>, now: Date) =>
  failure === null
    ? MissionMessaged({ ...of(record, now), messageId, channel })
    : MissionMessageFailed({ ...of(record, now), messageId, channel, reason: failure });

/** The reward, and then what was heard of its message before. */
export const decideReward: Decision<InputOf<typeof rewardMission>> = (state, { rewardId }, { now }) => {
  const record = known(state);
  if (record.status !== 'ACHIEVED') return [];
  const { title, points, message } = record;
  const rewarded = MissionRewarded({ ...of(record, now), title, points, rewardId });
  return message ? [rewarded, messaged(record, { ...message, messageId: message.id }, now)] : [rewarded];
};

/** Whoever was told was told, also when another message has failed; only the first failure is kept. */
export const decideFollowMessage: Decision<InputOf<typeof followMessage>> = (state, { messageId, channel, failure }, { now }) => {
  const record = known(state);
  const isNews = record.message === null || (record.message.failure !== null && failure === null);
  if (!isNews) return [];
  if (record.status === 'ACHIEVED') return [rewardMessageHeard({ id: messageId, channel, failure, at: now.toISOString() })];
  return [messaged(record, { messageId, channel, failure }, now)];
};
