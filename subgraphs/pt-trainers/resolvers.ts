import { inSeoul } from '@madang/kernel/domain';
import type { ReceivedOf, RequestContext } from '@madang/kernel/graphql';
import { LessonResultPosted } from './events.ts';
import type { Resolvers } from './generated/graphql.ts';
import type { Handlers } from './handlers.ts';
import { type PtScheduleLoader, type PtSchedulesModel, sees } from './read-models/pt-schedules.ts';
import type { TrainerLoader, TrainersModel } from './read-models/trainers.ts';

export interface Loaders {
  readonly schedules: PtScheduleLoader;
  /** By the order's id. */
  readonly byOrder: PtScheduleLoader;
  readonly trainers: TrainerLoader;
}

/** A result as it is pushed; schedule and trainer are read when they are asked for. */
export interface PushedResult {
  readonly result: string;
  readonly occurredAt: Date;
  readonly cursor: string;
  readonly orderId: string;
  readonly scheduleId: string;
  readonly trainerId: string;
}

const lessonResult = ({ time, data }: ReceivedOf<typeof LessonResultPosted>, cursor: string): PushedResult => ({
  result: data.result,
  occurredAt: time,
  cursor,
  orderId: data.orderId,
  scheduleId: data.scheduleId,
  trainerId: data.trainerId,
});

export const resolvers = (
  handlers: Handlers,
  schedules: PtSchedulesModel,
  trainers: TrainersModel,
): Resolvers<RequestContext<Loaders>> => ({
  Query: {
    trainers: (_, list, { cause }) => trainers.all(list, cause.actor),
    ptSchedule: (_, { id }, { cause }) => schedules.byId(id, cause.actor),
    myPtSchedules: (_, list, { cause }) => schedules.mine(list, cause.actor),
    operationsPtSchedules: (_, list, { cause }) => schedules.operations(list, cause.actor),
  },
  Mutation: {
    confirmSchedule: (_, { input }, { cause }) => handlers.confirmSchedule(input, cause),
    postLessonResult: (_, { input }, { cause }) => handlers.postLessonResult(input, cause),
    cancelSchedule: (_, { input }, { cause }) => handlers.cancelSchedule(input, cause),
  },
  Subscription: {
    lessonResultPosted: {
      subscribe: (_, { orderId, after }, ctx) =>
        ctx.subscribe({
          field: 'lessonResultPosted',
          to: [LessonResultPosted],
          after,
          allow: () => orderId && schedules.allowOrder(orderId, ctx.cause.actor),
          when: ({ data }, actor) => sees(actor, data) && (!orderId || data.orderId === orderId),
          as: lessonResult,
        }),
    },
  },
  LessonResult: {
    order: ({ orderId }) => ({ id: orderId }),
    schedule: ({ scheduleId }, _, { cause }) => schedules.byId(scheduleId, cause.actor),
    trainer: ({ trainerId }, _, ctx) => ctx.loaders.trainers.load(trainerId),
  },
  PtSchedule: {
    __resolveReference: ({ id }, ctx) => ctx.loaders.schedules.load(id),
    account: ({ accountId }) => ({ id: accountId }),
    order: ({ orderId }) => ({ id: orderId }),
    trainer: ({ trainerId }, _, ctx) => (trainerId === null ? null : ctx.loaders.trainers.load(trainerId)),
    lessonAtInSeoul: ({ lessonAt }) => lessonAt && inSeoul(lessonAt),
  },
  Trainer: {
    __resolveReference: ({ id }, ctx) => ctx.loaders.trainers.load(id),
    account: ({ id }) => ({ id }),
    schedules: ({ id }, list, { cause }) => schedules.ofTrainer(id, list, cause.actor),
  },
  PtOrder: {
    __resolveReference: ({ id }) => ({ id }),
    schedule: ({ id }, _, ctx) => ctx.loaders.byOrder.load(id),
  },
});
