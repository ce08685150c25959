import { type Actor, requireRole, id as uuid } from '@madang/kernel/domain';
import { type Connection, connectionOf, type PageArguments, pageOf } from '@madang/kernel/graphql';
import DataLoader from 'dataloader';
import type { PrismaClient } from '../generated/prisma/client.ts';

/** A trainer as they are shown: the id is the account's. */
export interface TrainerRow {
  readonly id: string;
  readonly displayName: string | null;
}

export type TrainerLoader = DataLoader<string, TrainerRow | null>;

const shown = { id: true, displayName: true };

/** Answers: who gives lessons? */
export const trainers = (prisma: PrismaClient) => ({
  /** All of them, the newest account first. @throws Refused UNAUTHENTICATED, FORBIDDEN, BAD_INPUT */
  async all({ first, after }: PageArguments, actor: Actor): Promise<Connection<TrainerRow>> {
    requireRole(actor, 'MANAGER', 'ADMIN');
    const { take, cursorId } = pageOf({ first, after });
    const rows = await prisma.heardAccount.findMany({
      where: { isTrainer: true, ...(cursorId ? { id: { lt: cursorId } } : {}) },
      orderBy: { id: 'desc' },
      take,
      select: shown,
    });
    return connectionOf(rows, first, ({ id }) => id, { after });
  },

  /** Trainers, for whoever is signed in; null for whoever is none. */
  loader: (actor: Actor): TrainerLoader =>
    new DataLoader(async (ids) => {
      const valid = actor.kind === 'anonymous' ? [] : ids.filter((id) => uuid.safeParse(id).success);
      const rows = await prisma.heardAccount.findMany({ where: { isTrainer: true, id: { in: valid } }, select: shown });
      const found = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => found.get(id) ?? null);
    }),
});

export type TrainersModel = ReturnType<typeof trainers>;
