import { notFound, id as uuid } from '@madang/kernel/domain';
import { type Connection, connectionOf, type PageArguments, pageOf } from '@madang/kernel/graphql';
import DataLoader from 'dataloader';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Mission } from '../mission/mission.ts';

export type MissionLoader = DataLoader<string, Mission>;

/** Answers: which missions are there, and what are they worth? Everybody may know. */
export function missions(prisma: PrismaClient) {
  const find = async (id: string): Promise<Mission | null> =>
    uuid.safeParse(id).success ? prisma.mission.findUnique({ where: { id } }) : null;

  return {
    find,

    /** @throws Refused NOT_FOUND */
    async byId(id: string): Promise<Mission> {
      const mission = await find(id);
      if (!mission) throw notFound('The mission');
      return mission;
    },

    /** The last created first. @throws Refused BAD_INPUT */
    async list({ first, after }: PageArguments): Promise<Connection<Mission>> {
      const { take, cursorId } = pageOf({ first, after });
      const rows: Mission[] = await prisma.mission.findMany({
        ...(cursorId ? { where: { id: { lt: cursorId } } } : {}),
        orderBy: { id: 'desc' },
        take,
      });
      return connectionOf(rows, first, ({ id }) => id, { after });
    },

    /** One that is not there is a refusal, NOT_FOUND. */
    loader: (): MissionLoader =>
      new DataLoader<string, Mission>(async (ids) => {
        const valid = ids.filter((id) => uuid.safeParse(id).success);
        const rows: Mission[] = await prisma.mission.findMany({ where: { id: { in: valid } } });
        const found = new Map(rows.map((row) => [row.id, row]));
        return ids.map((id) => found.get(id) ?? notFound('The mission'));
      }),
  };
}

export type MissionsModel = ReturnType<typeof missions>;
