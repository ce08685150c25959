import { inSeoul } from '@madang/kernel/domain';
import type { RequestContext } from '@madang/kernel/graphql';
import type { Resolvers } from './generated/graphql.ts';
import type { Handlers } from './handlers.ts';
import type { TrainerAssignmentLoader, TrainerAssignmentsModel } from './read-models/trainer-assignments.ts';

export interface Loaders {
  readonly assignments: TrainerAssignmentLoader;
  /** By the order's id. */
  readonly byOrder: TrainerAssignmentLoader;
}

export const resolvers = (handlers: Handlers, assignments: TrainerAssignmentsModel): Resolvers<RequestContext<Loaders>> => ({
  Query: {
    trainerAssignment: (_, { id }, { cause }) => assignments.byId(id, cause.actor),
    operationsTrainerAssignments: (_, list, { cause }) => assignments.operations(list, cause.actor),
  },
  Mutation: {
    assignTrainer: (_, { input }, { cause }) => handlers.assignTrainer(input, cause),
  },
  TrainerAssignment: {
    __resolveReference: ({ id }, ctx) => ctx.loaders.assignments.load(id),
    account: ({ accountId }) => ({ id: accountId }),
    order: ({ orderId }) => ({ id: orderId }),
    trainer: ({ trainerId }) => (trainerId === null ? null : { id: trainerId }),
    lessonAtInSeoul: ({ lessonAt }) => lessonAt && inSeoul(lessonAt),
  },
  PtOrder: {
    __resolveReference: ({ id }) => ({ id }),
    assignment: ({ id }, _, ctx) => ctx.loaders.byOrder.load(id),
  },
});
