import { type Actor, hasRole, notFound, requireUser, id as uuid } from '@madang/kernel/domain';
import { type Connection, connectionOf, type PageArguments, pageOf } from '@madang/kernel/graphql';
import DataLoader from 'dataloader';
import { WHAT } from '../decide.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Reward } from '../reward.ts';

export type RewardLoader = DataLoader<string, Reward | null>;

const NOTHING: Reward[] = [];

/** A reward is there for whose it is, for staff, and for other contexts. */
const sees = (actor: Actor, accountId: string): boolean =>
  actor.kind === 'service' || hasRole(actor, 'MANAGER', 'ADMIN') || (actor.kind === 'user' && actor.accountId === accountId);

/** Answers: what was granted to whom, and for what? */
export function rewards(prisma: PrismaClient) {
  /** Those that the actor sees, by a key of theirs; null for the others. */
  const loading = (actor: Actor, by: 'id' | 'recordId'): RewardLoader =>
    new DataLoader(async (keys) => {
      const valid = keys.filter((key) => by !== 'id' || uuid.safeParse(key).success);
      const rows: Reward[] = await prisma.reward.findMany({ where: { [by]: { in: valid } } });
      const found = new Map(rows.flatMap((row) => (sees(actor, row.accountId) ? [[row[by], row] as const] : [])));
      return keys.map((key) => found.get(key) ?? null);
    });

  return {
    /** @throws Refused UNAUTHENTICATED, NOT_FOUND */
    async byId(id: string, actor: Actor): Promise<Reward> {
      if (actor.kind === 'anonymous') requireUser(actor);
      const row = uuid.safeParse(id).success ? await prisma.reward.findUnique({ where: { id } }) : null;
      if (!row || !sees(actor, row.accountId)) throw notFound(WHAT);
      return row;
    },

    /** Newest first; empty for anybody else than the account and staff. @throws Refused BAD_INPUT */
    async ofAccount(accountId: string, { first, after }: PageArguments, actor: Actor): Promise<Connection<Reward>> {
      const { take, cursorId } = pageOf({ first, after });
      if (!sees(actor, accountId)) return connectionOf(NOTHING, first, ({ id }) => id);
      const rows: Reward[] = await prisma.reward.findMany({
        where: { accountId, ...(cursorId ? { id: { lt: cursorId } } : {}) },
        orderBy: { id: 'desc' },
        take,
      });
      return connectionOf(rows, first, ({ id }) => id, { after });
    },

    loader: (actor: Actor): RewardLoader => loading(actor, 'id'),
    byRecord: (actor: Actor): RewardLoader => loading(actor, 'recordId'),
  };
}

export type RewardsModel = ReturnType<typeof rewards>;
