import { inSeoul } from '@madang/kernel/domain';
import type { RequestContext } from '@madang/kernel/graphql';
import type { Resolvers } from './generated/graphql.ts';
import type { Handlers } from './handlers.ts';
import type { CleaningLoader, CleaningsModel } from './read-models/cleanings.ts';

export interface Loaders {
  readonly cleanings: CleaningLoader;
  /** By the reservation's id. */
  readonly byReservation: CleaningLoader;
}

export const resolvers = (handlers: Handlers, cleanings: CleaningsModel): Resolvers<RequestContext<Loaders>> => ({
  Query: {
    cleaning: (_, { id }, { cause }) => cleanings.byId(id, cause.actor),
    operationsCleanings: (_, list, { cause }) => cleanings.operations(list, cause.actor),
  },
  Mutation: {
    confirmCleaning: (_, { input }, { cause }) => handlers.confirmCleaning(input, cause),
    completeCleaning: (_, { input }, { cause }) => handlers.completeCleaning(input, cause),
  },
  Cleaning: {
    __resolveReference: ({ id }, ctx) => ctx.loaders.cleanings.load(id),
    account: ({ accountId }) => ({ id: accountId }),
    reservation: ({ reservationId }) => ({ id: reservationId }),
    cleaningAtInSeoul: ({ cleaningAt }) => cleaningAt && inSeoul(cleaningAt),
  },
  CleaningReservation: {
    __resolveReference: ({ id }) => ({ id }),
    cleaning: ({ id }, _, ctx) => ctx.loaders.byReservation.load(id),
  },
});
