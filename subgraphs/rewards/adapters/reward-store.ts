import type { Store } from '@madang/kernel/context';
import { saveRow } from '@madang/kernel/prisma';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Reward } from '../reward.ts';

/** Rewards by the record of what was achieved. Of two at once, one finds the other: a record has one reward. */
export const rewardsByRecord = (prisma: PrismaClient): Store<Reward> => ({
  async load(recordId) {
    const row = await prisma.reward.findUnique({ where: { recordId } });
    if (!row) return null;
    const { version, ...state } = row;
    return { state, version };
  },
  save: (state, version) => saveRow('Reward', state, version),
});
