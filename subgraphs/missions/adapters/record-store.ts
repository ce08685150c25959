import type { Store } from '@madang/kernel/context';
import { saveRow } from '@madang/kernel/prisma';
import type { PrismaClient, MissionRecord as Row } from '../generated/prisma/client.ts';
import type { MissionRecord } from '../mission-record/mission-record.ts';
import type { MissionRecordRow } from '../read-models/mission-records.ts';

/** A record as its row has it. */
export function rowOf({ reward, message, ...achieved }: MissionRecord): MissionRecordRow {
  return {
    ...achieved,
    rewardId: reward?.id ?? null,
    rewardedAt: reward?.at ?? null,
    messageId: message?.id ?? null,
    messageChannel: message?.channel ?? null,
    messageAt: message?.at ?? null,
    messageFailure: message?.failure ?? null,
  };
}

function stateOf(row: Row): MissionRecord {
  const { id, accountId, missionId, title, points, achievedAt, status, rewardId, rewardedAt } = row;
  const achieved = { id, accountId, missionId, title, points, achievedAt };
  const { messageId, messageChannel: channel, messageAt, messageFailure: failure } = row;
  const reward = rewardId && rewardedAt ? { id: rewardId, at: rewardedAt } : null;
  const message = messageId && channel && messageAt ? { id: messageId, channel, at: messageAt, failure } : null;
  if (status === 'ACHIEVED' && !reward) return { ...achieved, status, reward, message };
  if (status === 'REWARDED' && reward) return { ...achieved, status, reward, message };
  if (status === 'MESSAGED' && reward && message) return { ...achieved, status, reward, message };
  throw new TypeError(`mission record ${id} is ${status}, but its row lacks what belongs to that`);
}

const loaded = (row: Row | null) => row && { state: stateOf(row), version: row.version };
const save = (state: MissionRecord, version: number) => saveRow('MissionRecord', rowOf(state), version);

/** Records by their id. */
export const recordsById = (prisma: PrismaClient): Store<MissionRecord> => ({
  load: async (id) => loaded(await prisma.missionRecord.findUnique({ where: { id } })),
  save,
});

/** Records by who achieved what; see `achievementKey`. Of two at once, one finds the other: an account achieves a mission once. */
export const recordsByAchievement = (prisma: PrismaClient): Store<MissionRecord> => ({
  async load(key) {
    const [accountId = '', missionId = ''] = key.split('/');
    return loaded(await prisma.missionRecord.findUnique({ where: { accountId_missionId: { accountId, missionId } } }));
  },
  save,
});

/** What `recordsByAchievement` loads by. */
export const achievementKey = (accountId: string, missionId: string): string => `${accountId}/${missionId}`;
