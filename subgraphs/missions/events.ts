import { defineEvent, type EventOf, id, instant, reference } from '@madang/kernel/domain';
import { z } from 'zod';

const of = { recordId: id, accountId: reference, missionId: reference, at: instant };
const example = {
  recordId: '01936d5e-0000-7000-8000-000000000501',
  accountId: '01900000-0000-7000-8000-000000000001',
  missionId: '01936d5e-0000-7000-8000-000000000511',
  at: '2026-11-20T06:00:00.000Z',
};
const messageId = '01936d5e-0000-7000-8000-0000000000a1';

const ofRecord = { context: 'missions', aggregate: 'mission-record', version: 1, key: (data: { recordId: string }) => data.recordId };

/** A customer achieved a mission (미션 달성), which is worth `points`. */
export const MissionAchieved = defineEvent({
  ...ofRecord,
  name: 'MissionAchieved',
  payload: z.object({ ...of, title: z.string(), points: z.int().positive() }),
  examples: [{ ...example, title: '첫 대여', points: 500 }],
});

/** Its reward was granted (리워드 지급). */
export const MissionRewarded = defineEvent({
  ...ofRecord,
  name: 'MissionRewarded',
  payload: z.object({ ...of, title: z.string(), points: z.int().positive(), rewardId: reference }),
  examples: [{ ...example, title: '첫 대여', points: 500, rewardId: '01936d5e-0000-7000-8000-000000000521' }],
});

/** The customer was told of the reward (메시지 발송). Nobody is notified of this. */
export const MissionMessaged = defineEvent({
  ...ofRecord,
  name: 'MissionMessaged',
  payload: z.object({ ...of, messageId: reference, channel: z.string() }),
  examples: [{ ...example, messageId, channel: 'TELEGRAM' }],
});

/** The customer could not be told of the reward (메시지 실패), which stays granted. */
export const MissionMessageFailed = defineEvent({
  ...ofRecord,
  name: 'MissionMessageFailed',
  payload: z.object({ ...of, messageId: reference, channel: z.string(), reason: z.string() }),
  examples: [{ ...example, messageId, channel: 'TELEGRAM', reason: 'the chat was not found' }],
});

export type MissionRecordEvent =
  | EventOf<typeof MissionAchieved>
  | EventOf<typeof MissionRewarded>
  | EventOf<typeof MissionMessaged>
  | EventOf<typeof MissionMessageFailed>;
