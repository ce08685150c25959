import { notFound, id as uuid } from '@madang/kernel/domain';
import { type Connection, connectionOf, type PageArguments, pageOf } from '@madang/kernel/graphql';
import DataLoader from 'dataloader';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { PtClass } from '../pt-class/pt-class.ts';

export type PtClassLoader = DataLoader<string, PtClass>;

/** Answers: which PT classes can be ordered, and what do they cost? Everybody may know. */
export function ptClasses(prisma: PrismaClient) {
  const find = async (id: string): Promise<PtClass | null> =>
    uuid.safeParse(id).success ? prisma.ptClass.findUnique({ where: { id } }) : null;

  return {
    find,

    /** @throws Refused NOT_FOUND */
    async byId(id: string): Promise<PtClass> {
      const found = await find(id);
      if (!found) throw notFound('The PT class');
      return found;
    },

    /** The last registered first. @throws Refused BAD_INPUT */
    async list({ first, after }: PageArguments): Promise<Connection<PtClass>> {
      const { take, cursorId } = pageOf({ first, after });
      const rows: PtClass[] = await prisma.ptClass.findMany({
        ...(cursorId ? { where: { id: { lt: cursorId } } } : {}),
        orderBy: { id: 'desc' },
        take,
      });
      return connectionOf(rows, first, ({ id }) => id, { after });
    },

    /** One that is not there is a refusal, NOT_FOUND. */
    loader: (): PtClassLoader =>
      new DataLoader<string, PtClass>(async (ids) => {
        const rows = await Promise.all(ids.map(find));
        return rows.map((found) => found ?? notFound('The PT class'));
      }),
  };
}

export type PtClassesModel = ReturnType<typeof ptClasses>;
