import { type Actor, hasRole, notFound, requireRole, requireUser, id as uuid } from '@madang/kernel/domain';
import { type Connection, connectionOf, type PageArguments, pageOf } from '@madang/kernel/graphql';
import DataLoader from 'dataloader';
import type { MissionRecordStatus, PrismaClient, MissionRecord as Row } from '../generated/prisma/client.ts';
import { WHAT } from '../mission-record/decide.ts';

/** A record as its table has it. */
export type MissionRecordRow = Omit<Row, 'version'>;

export type MissionRecordLoader = DataLoader<string, MissionRecordRow | null>;

type ListArguments = PageArguments & { readonly status?: MissionRecordStatus | null | undefined };

const NOTHING: MissionRecordRow[] = [];

/** A record is there for whose it is, for staff, and for other contexts. */
export const sees = (actor: Actor, accountId: string): boolean =>
  actor.kind === 'service' || hasRole(actor, 'MANAGER', 'ADMIN') || (actor.kind === 'user' && actor.accountId === accountId);

/** What became of the message of its reward: nothing yet, as long as nobody knows of the reward. */
export const messageOf = ({ status, messageId: id, messageAt: at, messageFailure: failure }: MissionRecordRow) => ({
  message: status !== 'ACHIEVED' && id ? { id } : null,
  sentAt: status === 'MESSAGED' ? at : null,
  failure: status === 'REWARDED' && failure && at ? { reason: failure, at } : null,
});

/** Answers: who has achieved what, was it rewarded, and have they been told? */
export function missionRecords(prisma: PrismaClient) {
  async function page(of: { accountId?: string }, { first, after, status }: ListArguments): Promise<Connection<MissionRecordRow>> {
    const { take, cursorId } = pageOf({ first, after });
    const rows: MissionRecordRow[] = await prisma.missionRecord.findMany({
      where: { ...of, ...(status ? { status } : {}), ...(cursorId ? { id: { lt: cursorId } } : {}) },
      orderBy: { id: 'desc' },
      take,
    });
    return connectionOf(rows, first, ({ id }) => id, { after });
  }

  return {
    /** @throws Refused UNAUTHENTICATED, NOT_FOUND */
    async byId(id: string, actor: Actor): Promise<MissionRecordRow> {
      if (actor.kind === 'anonymous') requireUser(actor);
      const row = uuid.safeParse(id).success ? await prisma.missionRecord.findUnique({ where: { id } }) : null;
      if (!row || !sees(actor, row.accountId)) throw notFound(WHAT);
      return row;
    },

    /** Newest first; empty for anybody else than the account and staff. @throws Refused BAD_INPUT */
    async ofAccount(accountId: string, list: ListArguments, actor: Actor): Promise<Connection<MissionRecordRow>> {
      if (sees(actor, accountId)) return page({ accountId }, list);
      pageOf(list);
      return connectionOf(NOTHING, list.first, ({ id }) => id);
    },

    /** Everybody's, newest first. @throws Refused UNAUTHENTICATED, FORBIDDEN, BAD_INPUT */
    async operations(list: ListArguments, actor: Actor): Promise<Connection<MissionRecordRow>> {
      requireRole(actor, 'MANAGER', 'ADMIN');
      return page({}, list);
    },

    /** Those that the actor sees; null for the others. */
    loader: (actor: Actor): MissionRecordLoader =>
      new DataLoader(async (ids) => {
        const valid = ids.filter((id) => uuid.safeParse(id).success);
        const rows = await prisma.missionRecord.findMany({ where: { id: { in: valid } } });
        const found = new Map(rows.flatMap((row) => (sees(actor, row.accountId) ? [[row.id, row] as const] : [])));
        return ids.map((id) => found.get(id) ?? null);
      }),
  };
}

export type MissionRecordsModel = ReturnType<typeof missionRecords>;
