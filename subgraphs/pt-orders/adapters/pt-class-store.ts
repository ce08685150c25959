import type { Store } from '@madang/kernel/context';
import { saveRow } from '@madang/kernel/prisma';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { PtClass } from '../pt-class/pt-class.ts';

/** Classes by their name. */
export const classesByName = (prisma: PrismaClient): Store<PtClass> => ({
  async load(name) {
    const row = await prisma.ptClass.findUnique({ where: { name } });
    if (!row) return null;
    const { version, ...state } = row;
    return { state, version };
  },
  save: (state, version) => saveRow('PtClass', state, version),
});
