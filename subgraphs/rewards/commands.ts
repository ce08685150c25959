import { defineCommand, reference } from '@madang/kernel/domain';
import { z } from 'zod';

/** By policy: a mission was achieved. */
export const grantReward = defineCommand(
  'grantReward',
  z.object({ accountId: reference, missionId: reference, recordId: reference, title: z.string(), points: z.int().positive() }),
);
