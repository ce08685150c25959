import { inSeoul } from '@madang/kernel/domain';
import type { ReceivedOf, RequestContext } from '@madang/kernel/graphql';
import {
  CleaningCancellationRejected,
  CleaningCancellationRequested,
  CleaningReservationCancelled,
  CleaningReservationConfirmed,
  CleaningReservationDone,
  CleaningReserved,
} from './events.ts';
import type { CleaningReservationStatus, Resolvers } from './generated/graphql.ts';
import type { Handlers } from './handlers.ts';
import type { CleaningPlanLoader, CleaningPlansModel } from './read-models/cleaning-plans.ts';
import { type CleaningReservationLoader, type CleaningReservationsModel, sees } from './read-models/cleaning-reservations.ts';

export interface Loaders {
  readonly plans: CleaningPlanLoader;
  readonly reservations: CleaningReservationLoader;
}

export interface Models {
  readonly plans: CleaningPlansModel;
  readonly reservations: CleaningReservationsModel;
}

/** A change as it is pushed; the reservation itself is read when it is asked for. */
export interface ReservationChange {
  readonly status: CleaningReservationStatus;
  readonly occurredAt: Date;
  readonly cursor: string;
  readonly reservationId: string;
}

const changes = [
  CleaningReserved,
  CleaningReservationConfirmed,
  CleaningReservationDone,
  CleaningCancellationRequested,
  CleaningCancellationRejected,
  CleaningReservationCancelled,
] as const;

const statusAfter = {
  CleaningReserved: 'RESERVED',
  CleaningReservationConfirmed: 'CONFIRMED',
  CleaningReservationDone: 'DONE',
  CleaningCancellationRequested: 'CANCELLING',
  CleaningCancellationRejected: 'DONE',
  CleaningReservationCancelled: 'CANCELLED',
} as const;

const change = ({ name, time, data }: ReceivedOf<(typeof changes)[number]>, cursor: string): ReservationChange => ({
  status: statusAfter[name],
  occurredAt: time,
  cursor,
  reservationId: data.reservationId,
});

export const resolvers = (handlers: Handlers, { plans, reservations }: Models): Resolvers<RequestContext<Loaders>> => ({
  Query: {
    cleaningPlans: (_, list) => plans.list(list),
    cleaningPlan: (_, { id }) => plans.byId(id),
    cleaningReservation: (_, { id }, { cause }) => reservations.byId(id, cause.actor),
    operationsCleaningReservations: (_, list, { cause }) => reservations.operations(list, cause.actor),
  },
  Mutation: {
    reserveCleaning: (_, { input }, { cause }) => handlers.reserveCleaning(input, cause),
    cancelCleaningReservation: (_, { input }, { cause }) => handlers.cancelCleaningReservation(input, cause),
    registerCleaningPlan: (_, { input }, { cause }) => handlers.registerCleaningPlan(input, cause),
  },
  Subscription: {
    cleaningStatusChanged: {
      subscribe: (_, { reservationId, after }, ctx) =>
        ctx.subscribe({
          field: 'cleaningStatusChanged',
          to: changes,
          after,
          allow: () => reservationId && reservations.byId(reservationId, ctx.cause.actor),
          when: ({ data }, actor) => sees(actor, data.accountId) && (!reservationId || data.reservationId === reservationId),
          as: change,
        }),
    },
  },
  CleaningStatusChange: {
    reservation: ({ reservationId }, _, { cause }) => reservations.byId(reservationId, cause.actor),
  },
  CleaningPlan: {
    __resolveReference: ({ id }, ctx) => ctx.loaders.plans.load(id),
  },
  CleaningReservation: {
    __resolveReference: ({ id }, ctx) => ctx.loaders.reservations.load(id),
    account: ({ accountId }) => ({ id: accountId }),
    plan: ({ planId }, _, ctx) => ctx.loaders.plans.load(planId),
    cleaningAtInSeoul: ({ cleaningAt }) => inSeoul(cleaningAt),
    payment: ({ paymentId }) => ({ id: paymentId }),
  },
  Account: {
    __resolveReference: ({ id }) => ({ id }),
    cleaningReservations: ({ id }, list, { cause }) => reservations.ofAccount(id, list, cause.actor),
  },
});
