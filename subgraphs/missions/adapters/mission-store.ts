import type { Store } from '@madang/kernel/context';
import { saveRow } from '@madang/kernel/prisma';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Mission } from '../mission/mission.ts';

/** Missions by their id. */
export const missionsById = (prisma: PrismaClient): Store<Mission> => ({
  async load(id) {
    const row = await prisma.mission.findUnique({ where: { id } });
    if (!row) return null;
    const { version, ...state } = row;
    return { state, version };
  },
  save: (state, version) => saveRow('Mission', state, version),
});
