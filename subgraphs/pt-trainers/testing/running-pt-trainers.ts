import { AccountOpened, RoleGranted } from '@madang/accounts/events';
import { type Actor, service, type User, user } from '@madang/kernel/domain';
import { eventually } from '@madang/kernel/testing';
import { type RunningContextOptions, runningContext } from '@madang/kernel/testing/context';
import { TrainerAssigned } from '@madang/pt-managers/events';
import { uuidv7 } from 'uuidv7';
import { ptTrainers } from '../subgraph.ts';

export const ptManagers = service('pt-managers');
export const manager = user('01900000-0000-7000-8000-000000000002', 'CUSTOMER', 'MANAGER');
export const admin = user('01900000-0000-7000-8000-000000000004', 'CUSTOMER', 'ADMIN');

/** A schedule as the tests read it. */
export interface Shown {
  readonly id: string;
  readonly status: string;
  readonly lessonAt: string | null;
  readonly result: string | null;
}

/** An order that a trainer is assigned to, as the managers would tell of it. */
export interface Order {
  readonly accountId: string;
  readonly orderId: string;
  readonly trainerId: string;
}

export const SCHEDULE = `{ id status className durationMinutes lessonAt lessonAtInSeoul endsAt result requestedAt confirmedAt resultPostedAt cancelledAt
  account { id } order { id } trainer { id } }`;

/** The context; the test plays accounts and managers. */
export async function runningPtTrainers(options: RunningContextOptions = {}) {
  const { ask, askWhole, rows, publish, told, watch, deadLetters, replica, close } = await runningContext(ptTrainers, options);
  const schedule = async ({ orderId }: Pick<Order, 'orderId'>): Promise<Shown | undefined> =>
    (await rows<Shown>('SELECT * FROM "PtSchedule" WHERE "orderId" = $1', orderId))[0];
  const command = (name: string) =>
    `mutation Run($input: ${name[0]?.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) ${SCHEDULE} }`;
  const assigned = (order: Order, times?: number) => publish(TrainerAssigned, order, times);

  return {
    ask,
    askWhole,
    rows,
    publish,
    told,
    watch,
    deadLetters,
    replica,
    close,
    schedule,
    assigned,

    /** Another order of somebody's. */
    order: ({ trainerId = uuidv7(), accountId = uuidv7() } = {}): Order => ({ accountId, orderId: uuidv7(), trainerId }),
    /** Somebody who gives lessons, heard of. */
    async trainer(displayName = '이강사'): Promise<User> {
      const accountId = uuidv7();
      await publish(AccountOpened, { accountId, displayName });
      await publish(RoleGranted, { accountId, role: 'TRAINER' });
      await eventually(
        async () =>
          (await rows('SELECT 1 FROM "HeardAccount" WHERE id = $1 AND "isTrainer" AND "displayName" IS NOT NULL', accountId)).length === 1,
      );
      return user(accountId, 'CUSTOMER', 'TRAINER');
    },
    /** A schedule that waits for its trainer. */
    async requested(order: Order): Promise<Order & Shown> {
      await assigned(order);
      return { ...order, ...((await eventually(async () => (await schedule(order)) ?? false, { everyMs: 5 })) as Shown) };
    },

    confirm: (scheduleId: string, at: Date | string, actor: Actor, to?: string) =>
      ask<Shown>(command('confirmSchedule'), { input: { scheduleId, at: at instanceof Date ? at.toISOString() : at } }, actor, to),
    post: (scheduleId: string, result: string, actor: Actor) =>
      ask<Shown>(command('postLessonResult'), { input: { scheduleId, result } }, actor),
    cancel: ({ accountId, orderId }: Pick<Order, 'accountId' | 'orderId'>, actor: Actor = ptManagers, idempotencyKey = orderId) =>
      ask<Shown>(command('cancelSchedule'), { input: { accountId, orderId, idempotencyKey } }, actor),
    /** How many events have been handled. */
    handled: async () => (await rows<{ count: number }>('SELECT count(*)::int FROM kernel.inbox'))[0]?.count ?? 0,
    asTrainer: ({ trainerId }: Order): User => user(trainerId, 'CUSTOMER', 'TRAINER'),
  };
}

export type RunningPtTrainers = Awaited<ReturnType<typeof runningPtTrainers>>;
