import type { Store } from '@madang/kernel/context';
import { saveRow } from '@madang/kernel/prisma';
import type { CleaningPlan } from '../cleaning-plan/cleaning-plan.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';

/** Plans by their name. */
export const plansByName = (prisma: PrismaClient): Store<CleaningPlan> => ({
  async load(name) {
    const row = await prisma.cleaningPlan.findUnique({ where: { name } });
    if (!row) return null;
    const { version, ...state } = row;
    return { state, version };
  },
  save: (state, version) => saveRow('CleaningPlan', state, version),
});
