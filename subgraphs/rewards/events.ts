import { defineEvent, type EventOf, id, instant, reference } from '@madang/kernel/domain';
import { z } from 'zod';

/** A reward was granted (리워드 지급) for an achieved mission: so many points. */
export const RewardGranted = defineEvent({
  context: 'rewards',
  aggregate: 'reward',
  version: 1,
  key: (data: { rewardId: string }) => data.rewardId,
  name: 'RewardGranted',
  payload: z.object({
    rewardId: id,
    accountId: reference,
    missionId: reference,
    /** The record of the mission's achievement. */
    recordId: reference,
    title: z.string(),
    points: z.int().positive(),
    at: instant,
  }),
  examples: [
    {
      rewardId: '01936d5e-0000-7000-8000-000000000521',
      accountId: '01900000-0000-7000-8000-000000000001',
      missionId: '01936d5e-0000-7000-8000-000000000511',
      recordId: '01936d5e-0000-7000-8000-000000000501',
      title: '첫 대여',
      points: 500,
      at: '2026-11-20T06:00:00.000Z',
    },
  ],
});

export type RewardEvent = EventOf<typeof RewardGranted>;
