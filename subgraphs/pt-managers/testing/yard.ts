import { RoleGranted } from '@madang/accounts/events';
import { type Actor, user } from '@madang/kernel/domain';
import { eventually, quickBreaker } from '@madang/kernel/testing';
import { ContextProcess, runningContext } from '@madang/kernel/testing/context';
import { PtCancellationRequested, PtOrdered } from '@madang/pt-orders/events';
import { uuidv7 } from 'uuidv7';
import { ptManagers } from '../subgraph.ts';
import { trainersProcess } from './trainers-process.ts';
import { wayToTrainers } from './way-to-trainers.ts';

export const manager = user('01900000-0000-7000-8000-000000000002', 'CUSTOMER', 'MANAGER');
export const admin = user('01900000-0000-7000-8000-000000000004', 'CUSTOMER', 'ADMIN');

/** An assignment as the tests read it. */
export interface Shown {
  readonly id: string;
  readonly status: string;
  readonly trainerId: string | null;
  readonly scheduleId: string | null;
}

/** Somebody's order, as the orders' context would tell of it. */
export interface Order {
  readonly accountId: string;
  readonly orderId: string;
}

export const ASSIGNMENT = `{ id status className durationMinutes lessonAt lessonAtInSeoul acceptedAt assignedAt confirmedAt cancelAcceptedAt cancelledAt
  account { id } order { id } trainer { id } }`;
const ASSIGN = `mutation Assign($input: AssignTrainerInput!) { assignTrainer(input: $input) ${ASSIGNMENT} }`;

export interface PtYardOptions {
  /** Of the managers' context, in this process; 0: it runs as the process `own`. @default 1 */
  readonly replicas?: number;
}

/** The managers' context beside the real trainers' one; the test plays orders and accounts. */
export async function ptYard({ replicas = 1 }: PtYardOptions = {}) {
  const trainers = await trainersProcess();
  const way = await wayToTrainers(() => trainers.url());
  const context = await runningContext(ptManagers, {
    replicas,
    env: {
      NATS_PREFIX: trainers.env.NATS_PREFIX,
      PT_TRAINERS_URL: way.url,
      ...quickBreaker('pt-managers', 'pt-trainers'),
      LOG_LEVEL: 'fatal',
    },
  });
  const own = new ContextProcess(new URL('../main.ts', import.meta.url), context.env);
  if (replicas === 0) await own.start();
  const { rows, publish, told } = context;
  const ask = <T>(query: string, variables: object, actor: Actor) =>
    replicas === 0 ? context.askAt<T>(own.url, query, variables, actor) : context.ask<T>(query, variables, actor);

  const assignment = async ({ orderId }: Order): Promise<Shown | undefined> =>
    (await rows<Shown>('SELECT * FROM "TrainerAssignment" WHERE "orderId" = $1', orderId))[0];
  const schedule = async ({ orderId }: Order) =>
    (await trainers.rows<{ id: string; status: string }>('SELECT * FROM "PtSchedule" WHERE "orderId" = $1', orderId))[0];
  const isAssignment = (order: Order, status: string, withinMs = 10_000) =>
    eventually(async () => (await assignment(order))?.status === status, { withinMs, everyMs: 5 });
  const isSchedule = (order: Order, status: string) => eventually(async () => (await schedule(order))?.status === status, { everyMs: 5 });

  const ofSchedule = async (name: 'confirmSchedule' | 'postLessonResult', order: Order, trainerId: string, input: object) => {
    const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
    const query = `mutation Run($input: ${type}!) { ${name}(input: $input) { id status } }`;
    const scheduleId = (await schedule(order))?.id;
    return trainers.askAt<{ status: string }>(
      trainers.url(),
      query,
      { input: { scheduleId, ...input } },
      user(trainerId, 'CUSTOMER', 'TRAINER'),
    );
  };
  const assign = ({ orderId }: Order, trainerId: string, actor: Actor = manager) =>
    ask<Shown>(ASSIGN, { input: { orderId, trainerId } }, actor);

  return {
    ask,
    rows,
    told,
    way,
    trainers,
    own,
    openIntents: context.openIntents,
    deadLetters: context.deadLetters,
    assignment,
    schedule,
    isAssignment,
    isSchedule,
    assign,
    order: (accountId = uuidv7()): Order => ({ accountId, orderId: uuidv7() }),
    ordered: (order: Order, times?: number) => publish(PtOrdered, order, times),
    cancellationRequested: (order: Order, times?: number) => publish(PtCancellationRequested, order, times),

    /** Somebody who holds that role, heard of. */
    async trainer(role = 'TRAINER'): Promise<string> {
      const accountId = uuidv7();
      await publish(RoleGranted, { accountId, role });
      if (role === 'TRAINER')
        await eventually(async () => (await rows('SELECT 1 FROM "HeardTrainer" WHERE id = $1', accountId)).length === 1);
      return accountId;
    },

    /** An order that has come that far. */
    async come(to: 'ORDER_ACCEPTED' | 'TRAINER_ASSIGNED' | 'ORDER_CONFIRMED', trainerId: string) {
      const order = { accountId: uuidv7(), orderId: uuidv7() };
      await publish(PtOrdered, order);
      await isAssignment(order, 'ORDER_ACCEPTED');
      if (to === 'ORDER_ACCEPTED') return order;
      await assign(order, trainerId);
      await isSchedule(order, 'REQUESTED');
      if (to === 'TRAINER_ASSIGNED') return order;
      await ofSchedule('confirmSchedule', order, trainerId, { at: new Date().toISOString() });
      await isAssignment(order, 'ORDER_CONFIRMED');
      return order;
    },
    confirm: (order: Order, trainerId: string, at = new Date()) =>
      ofSchedule('confirmSchedule', order, trainerId, { at: at.toISOString() }),
    post: (order: Order, trainerId: string) => ofSchedule('postLessonResult', order, trainerId, { result: '좋습니다.' }),

    async close() {
      await own.kill();
      await context.close();
      way.close();
      await trainers.close();
    },
  };
}

export type PtYard = Awaited<ReturnType<typeof ptYard>>;
