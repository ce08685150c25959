import { type Actor, type User, user } from '@madang/kernel/domain';
import { eventually } from '@madang/kernel/testing';
import { type RunningContextOptions, runningContext } from '@madang/kernel/testing/context';
import {
  PtAssignmentCancelled,
  PtAssignmentCancelRefused,
  PtAssignmentConfirmed,
  PtOrderAccepted,
  TrainerAssigned,
} from '@madang/pt-managers/events';
import { LessonResultPosted } from '@madang/pt-trainers/events';
import { uuidv7 } from 'uuidv7';
import { demoClasses } from '../seeds.ts';
import { ptOrders } from '../subgraph.ts';

export const manager = user('01900000-0000-7000-8000-000000000002', 'CUSTOMER', 'MANAGER');
export const admin = user('01900000-0000-7000-8000-000000000004', 'CUSTOMER', 'ADMIN');
export const stranger = user('01900000-0000-7000-8000-0000000000ff', 'CUSTOMER', 'TRAINER');
const [ptClass] = demoClasses;

/** An order as the tests read it. */
export interface Shown {
  readonly id: string;
  readonly status: string;
  readonly price: number;
  readonly lessonAt: string | null;
  readonly lessonAtInSeoul: string | null;
  readonly completedAt: string | null;
  readonly cancellationRejectedReason: string | null;
  readonly trainer: { readonly id: string } | null;
}

export const ORDER = `{ id status className durationMinutes price lessonAt lessonAtInSeoul cancellationRejectedReason
  orderedAt acknowledgedAt confirmedAt completedAt cancelledAt updatedAt account { id } ptClass { id name price } trainer { id } }`;

/** The context with classes of its own; the test plays managers and trainers. */
export async function runningPtOrders(options: Omit<RunningContextOptions, 'env'> = {}) {
  const context = await runningContext(ptOrders, { ...options, env: { SEED: 'demo' } });
  const { ask, publish, rows, told, watch, close } = context;

  const order = (actor: Actor, input: object = {}) =>
    ask<Shown>(
      `mutation Order($input: OrderPtInput!) { orderPt(input: $input) ${ORDER} }`,
      { input: { classId: ptClass?.id, ...input } },
      actor,
    );
  const cancel = (orderId: string, actor: Actor) =>
    ask<Shown>(`mutation Cancel($input: CancelPtOrderInput!) { cancelPtOrder(input: $input) ${ORDER} }`, { input: { orderId } }, actor);
  const read = (id: string, actor: Actor) => ask<Shown>(`query ($id: ID!) { ptOrder(id: $id) ${ORDER} }`, { id }, actor);
  const customer = (): User => user(uuidv7(), 'CUSTOMER');

  /** An order of somebody's, and what happens to it elsewhere. */
  async function ordered(who: User = customer()) {
    const id = (await order(who)).data?.id ?? '';
    const trainer = user(uuidv7(), 'CUSTOMER', 'TRAINER');
    const assignment = { assignmentId: uuidv7(), accountId: who.accountId, orderId: id };
    const lesson = { trainerId: trainer.accountId, scheduleId: uuidv7(), lessonAt: '2026-11-25T01:00:00.000Z' };
    return {
      id,
      customer: who,
      trainer,
      lesson,
      accepted: (times?: number) => publish(PtOrderAccepted, assignment, times),
      assigned: (times?: number) => publish(TrainerAssigned, { ...assignment, trainerId: trainer.accountId }, times),
      confirmed: (times?: number) => publish(PtAssignmentConfirmed, { ...assignment, ...lesson }, times),
      posted: (times?: number) => publish(LessonResultPosted, { ...assignment, ...lesson }, times),
      freed: (times?: number) => publish(PtAssignmentCancelled, assignment, times),
      refused: (times?: number) => publish(PtAssignmentCancelRefused, assignment, times),
      cancel: () => cancel(id, who),
      shown: async () => (await read(id, who)).data as Shown,
      is: (status: string) => eventually(async () => (await read(id, who)).data?.status === status),
      events: () => told(id),
    };
  }

  return {
    ask,
    rows,
    watch,
    close,
    publish,
    deadLetters: context.deadLetters,
    classId: ptClass?.id ?? '',
    customer,
    order,
    cancel,
    read,
    ordered,
    /** How many events have had their effect. */
    handled: async () => (await rows<{ count: number }>('SELECT count(*)::int FROM kernel.inbox'))[0]?.count ?? 0,
  };
}

export type RunningPtOrders = Awaited<ReturnType<typeof runningPtOrders>>;
