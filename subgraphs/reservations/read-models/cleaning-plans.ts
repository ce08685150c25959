import { notFound, id as uuid } from '@madang/kernel/domain';
import { type Connection, connectionOf, type PageArguments, pageOf } from '@madang/kernel/graphql';
import DataLoader from 'dataloader';
import type { CleaningPlan } from '../cleaning-plan/cleaning-plan.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';

export type CleaningPlanLoader = DataLoader<string, CleaningPlan>;

/** Answers: which cleanings can be reserved, and what do they cost? Everybody may know. */
export function cleaningPlans(prisma: PrismaClient) {
  const find = async (id: string): Promise<CleaningPlan | null> =>
    uuid.safeParse(id).success ? prisma.cleaningPlan.findUnique({ where: { id } }) : null;

  return {
    find,

    /** @throws Refused NOT_FOUND */
    async byId(id: string): Promise<CleaningPlan> {
      const plan = await find(id);
      if (!plan) throw notFound('The cleaning plan');
      return plan;
    },

    /** The last registered first. @throws Refused BAD_INPUT */
    async list({ first, after }: PageArguments): Promise<Connection<CleaningPlan>> {
      const { take, cursorId } = pageOf({ first, after });
      const rows: CleaningPlan[] = await prisma.cleaningPlan.findMany({
        ...(cursorId ? { where: { id: { lt: cursorId } } } : {}),
        orderBy: { id: 'desc' },
        take,
      });
      return connectionOf(rows, first, ({ id }) => id, { after });
    },

    /** One that is not there is a refusal, NOT_FOUND. */
    loader: (): CleaningPlanLoader =>
      new DataLoader<string, CleaningPlan>(async (ids) => {
        const rows = await Promise.all(ids.map(find));
        return rows.map((plan) => plan ?? notFound('The cleaning plan'));
      }),
  };
}

export type CleaningPlansModel = ReturnType<typeof cleaningPlans>;
