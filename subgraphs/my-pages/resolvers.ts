import { inSeoul } from '@madang/kernel/domain';
import type { RequestContext } from '@madang/kernel/graphql';
import { MyPageChanged, type MyPageView } from './events.ts';
import type { Resolvers } from './generated/graphql.ts';
import type { ReadModels } from './read-models/index.ts';
import { operationsPage, ownPage, pageOfAccount } from './read-models/my-page.ts';

/** An account, as far as this context knows it. */
export interface AccountReference {
  readonly id: string;
}

/** A change as its subscribers get it. */
export interface Change {
  readonly accountId: string;
  readonly view: MyPageView;
  readonly rowId: string;
  readonly status: string;
  readonly occurredAt: Date;
  readonly cursor: string;
}

export const resolvers = (views: ReadModels): Resolvers<RequestContext> => ({
  Query: {
    myPage: (_, _args, ctx) => ownPage(ctx.cause.actor),
    operationsPage: (_, _args, ctx) => operationsPage(ctx.cause.actor),
  },
  Subscription: {
    myPageChanged: {
      subscribe: (_, { after }, ctx) =>
        ctx.subscribe({
          field: 'myPageChanged',
          to: [MyPageChanged],
          after,
          when: ({ data }, actor) => actor.kind === 'user' && actor.accountId === data.accountId,
          as: ({ data }, cursor): Change => ({ ...data, occurredAt: new Date(data.at), cursor }),
        }),
    },
  },
  Account: {
    myPage: ({ id }, _, ctx) => pageOfAccount(ctx.cause.actor, id),
  },
  MyPage: {
    account: ({ accountId }) => ({ id: accountId }),
    textbookApplications: ({ accountId }, args) => views.TEXTBOOK_APPLICATION.ofAccount(accountId, args),
    paymentMethods: ({ accountId }, args) => views.PAYMENT_METHOD.ofAccount(accountId, args),
    cleaningReservations: ({ accountId }, args) => views.CLEANING_RESERVATION.ofAccount(accountId, args),
    tickets: ({ accountId }, args) => views.TICKET.ofAccount(accountId, args),
    remainingTickets: ({ accountId }) => views.TICKET.remaining(accountId),
  },
  OperationsPage: {
    textbookApplications: (_, args) => views.TEXTBOOK_APPLICATION.ofEverybody(args),
    cleaningReservations: (_, args) => views.CLEANING_RESERVATION.ofEverybody(args),
    tickets: (_, args) => views.TICKET.ofEverybody(args),
  },
  MyPageChange: {
    row: ({ view, rowId }) => views[view].one(rowId),
    page: ({ accountId }) => ({ accountId }),
  },
  MyPageTextbookApplication: {
    application: ({ id }) => ({ id }),
    account: ({ accountId }) => ({ id: accountId }),
    payment: ({ paymentId }) => (paymentId === null ? null : { id: paymentId }),
    delivery: ({ deliveryId }) => (deliveryId === null ? null : { id: deliveryId }),
  },
  MyPageCleaningReservation: {
    reservation: ({ id }) => ({ id }),
    account: ({ accountId }) => ({ id: accountId }),
    cleaningAtInSeoul: ({ cleaningAt }) => inSeoul(cleaningAt),
    payment: ({ paymentId }) => (paymentId === null ? null : { id: paymentId }),
    cleaning: ({ cleaningId }) => (cleaningId === null ? null : { id: cleaningId }),
  },
  MyPageTicket: {
    ticket: ({ id }) => ({ id }),
    account: ({ accountId }) => ({ id: accountId }),
    payment: ({ paymentId }) => (paymentId === null ? null : { id: paymentId }),
    rental: ({ rentalId }) => (rentalId === null ? null : { id: rentalId }),
    kickboard: ({ kickboardId }) => (kickboardId === null ? null : { id: kickboardId }),
  },
  MyPagePaymentMethod: {
    paymentMethod: ({ id }) => ({ id }),
    account: ({ accountId }) => ({ id: accountId }),
  },
});
