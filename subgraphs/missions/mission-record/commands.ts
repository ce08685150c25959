import { defineCommand, id, idempotencyKey, reference } from '@madang/kernel/domain';
import { z } from 'zod';

export const achieveMission = defineCommand('achieveMission', z.object({ missionId: id, idempotencyKey: idempotencyKey.nullish() }));

/** By policy: its reward was granted. */
export const rewardMission = defineCommand('rewardMission', z.object({ recordId: reference, rewardId: reference }));

/** By policy: the message that tells of the reward was sent, or failed for that reason. */
export const followMessage = defineCommand(
  'followMessage',
  z.object({ recordId: reference, messageId: reference, channel: z.string(), failure: z.string().nullable() }),
);
