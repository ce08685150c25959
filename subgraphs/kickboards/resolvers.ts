import type { ReceivedOf, RequestContext } from '@madang/kernel/graphql';
import { KickboardRegistered, KickboardRemoved, KickboardRented, KickboardReturned } from './events.ts';
import type { KickboardStatus, RentalStatus, Resolvers } from './generated/graphql.ts';
import type { Handlers } from './handlers.ts';
import type { KickboardLoader, KickboardsModel } from './read-models/kickboards.ts';
import { type RentalLoader, type RentalsModel, type ShownStatus, sees } from './read-models/rentals.ts';

export interface Loaders {
  readonly kickboards: KickboardLoader;
  readonly rentals: RentalLoader;
}

export interface Models {
  readonly kickboards: KickboardsModel;
  readonly rentals: RentalsModel;
}

type Context = RequestContext<Loaders>;

const changes = [KickboardRegistered, KickboardRented, KickboardReturned, KickboardRemoved] as const;
type Change = ReceivedOf<(typeof changes)[number]>;
type Ride = ReceivedOf<typeof KickboardRented | typeof KickboardReturned>;

const statusAfter = {
  KickboardRegistered: 'AVAILABLE',
  KickboardRented: 'RENTED',
  KickboardReturned: 'AVAILABLE',
  KickboardRemoved: 'REMOVED',
} as const;

/** A change of a kickboard as it is pushed to anybody: nothing of who rents it. */
export interface KickboardChange {
  readonly status: KickboardStatus;
  readonly lat: number;
  readonly lng: number;
  readonly occurredAt: Date;
  readonly cursor: string;
  readonly kickboardId: string;
}

/** A rental's beginning or end as it is pushed. */
export interface RideChange {
  readonly status: RentalStatus;
  readonly occurredAt: Date;
  readonly cursor: string;
  readonly rentalId: string;
  readonly kickboardId: string;
}

const kickboardChange = ({ name, time, data: { lat, lng, kickboardId } }: Change, cursor: string): KickboardChange => ({
  status: statusAfter[name],
  lat,
  lng,
  occurredAt: time,
  cursor,
  kickboardId,
});

const rideChange = ({ name, time, data: { rentalId, kickboardId } }: Ride, cursor: string): RideChange => ({
  status: name === 'KickboardRented' ? 'RENTED' : 'RETURNED',
  occurredAt: time,
  cursor,
  rentalId,
  kickboardId,
});

export const resolvers = (handlers: Handlers, { kickboards, rentals }: Models): Resolvers<Context> => ({
  Query: {
    kickboard: (_, { id }) => kickboards.byId(id),
    kickboards: (_, list) => kickboards.list(list),
    rental: (_, { id }, { cause }) => rentals.byId(id, cause.actor),
    operationsRentals: (_, list, { cause }) => rentals.operations(list, cause.actor),
  },
  Mutation: {
    registerKickboard: (_, { input }, { cause }) => handlers.registerKickboard(input, cause),
    removeKickboard: (_, { input }, { cause }) => handlers.removeKickboard(input, cause),
    rentKickboard: (_, { input }, { cause }) => handlers.rentKickboard(input, cause),
    returnKickboard: (_, { input }, { cause }) => handlers.returnKickboard(input, cause),
  },
  Subscription: {
    kickboardRented: {
      subscribe: (_, { after }, ctx) =>
        ctx.subscribe({
          field: 'kickboardRented',
          to: [KickboardRented],
          after,
          when: ({ data }, actor) => sees(actor, data.accountId),
          as: rideChange,
        }),
    },
    kickboardReturned: {
      subscribe: (_, { after }, ctx) =>
        ctx.subscribe({
          field: 'kickboardReturned',
          to: [KickboardReturned],
          after,
          when: ({ data }, actor) => sees(actor, data.accountId),
          as: rideChange,
        }),
    },
    kickboardStatusChanged: {
      subscribe: (_, { kickboardId, after }, ctx) =>
        ctx.subscribe({
          field: 'kickboardStatusChanged',
          to: changes,
          after,
          allow: () => kickboardId && kickboards.byId(kickboardId),
          when: ({ data }) => !kickboardId || data.kickboardId === kickboardId,
          as: kickboardChange,
        }),
    },
  },
  RentalChange: {
    rental: ({ rentalId }, _, { cause }) => rentals.byId(rentalId, cause.actor),
    kickboard: ({ kickboardId }) => kickboards.byId(kickboardId),
  },
  KickboardStatusChange: {
    kickboard: ({ kickboardId }) => kickboards.byId(kickboardId),
  },
  Kickboard: {
    __resolveReference: ({ id }, ctx) => ctx.loaders.kickboards.load(id),
  },
  Rental: {
    __resolveReference: ({ id }, ctx) => ctx.loaders.rentals.load(id),
    account: ({ accountId }) => ({ id: accountId }),
    kickboard: async ({ kickboardId }, _, ctx) => (await ctx.loaders.kickboards.load(kickboardId)) ?? kickboards.byId(kickboardId),
    ticket: ({ ticketId }) => ({ id: ticketId }),
    status: ({ status }) => status as ShownStatus,
    dueAt: ({ dueAt, rentedAt }) => dueAt ?? rentedAt,
    overdue: (rental) => rentals.isOverdue(rental),
  },
  Account: {
    __resolveReference: ({ id }) => ({ id }),
    rentals: ({ id }, list, { cause }) => rentals.ofAccount(id, list, cause.actor),
  },
});
