import type { ReceivedOf, RequestContext } from '@madang/kernel/graphql';
import {
  TextbookApplicationCancelled,
  TextbookApplicationDelivered,
  TextbookApplicationDelivering,
  TextbookApplicationPaid,
  TextbookApplicationRejected,
  TextbookApplied,
  TextbookCancellationRejected,
  TextbookCancellationRequested,
  TextbookPaymentDeferred,
} from './events.ts';
import type { Resolvers, TextbookApplicationStatus } from './generated/graphql.ts';
import type { Handlers } from './handlers.ts';
import type { BookLoader, BooksModel } from './read-models/books.ts';
import { noticeOf, sees, type TextbookApplicationLoader, type TextbookApplicationsModel } from './read-models/textbook-applications.ts';

export interface Loaders {
  readonly books: BookLoader;
  readonly applications: TextbookApplicationLoader;
}

export interface Models {
  readonly books: BooksModel;
  readonly applications: TextbookApplicationsModel;
}

/** A change as it is pushed; the application itself is read when it is asked for. */
export interface TextbookApplicationChange {
  readonly status: TextbookApplicationStatus;
  readonly occurredAt: Date;
  readonly cursor: string;
  readonly applicationId: string;
}

type Context = RequestContext<Loaders>;

const changes = [
  TextbookApplied,
  TextbookPaymentDeferred,
  TextbookApplicationPaid,
  TextbookApplicationRejected,
  TextbookCancellationRequested,
  TextbookApplicationDelivering,
  TextbookApplicationDelivered,
  TextbookCancellationRejected,
  TextbookApplicationCancelled,
] as const;
type Change = ReceivedOf<(typeof changes)[number]>;

const statusAfter = {
  TextbookApplied: 'APPLIED',
  TextbookPaymentDeferred: 'PAYMENT_DEFERRED',
  TextbookApplicationPaid: 'PAID',
  TextbookCancellationRequested: 'CANCELLING',
  TextbookApplicationDelivering: 'DELIVERING',
  TextbookApplicationDelivered: 'DELIVERED',
  TextbookApplicationCancelled: 'CANCELLED',
} as const;

const isShown = (event: Change): boolean => event.name !== 'TextbookApplicationRejected' || event.data.kept;

const change = (event: Change, cursor: string): TextbookApplicationChange => ({
  status: 'status' in event.data ? event.data.status : statusAfter[event.name as keyof typeof statusAfter],
  occurredAt: event.time,
  cursor,
  applicationId: event.data.applicationId,
});

export const resolvers = (handlers: Handlers, { books, applications }: Models): Resolvers<Context> => ({
  Query: {
    books: (_, list) => books.list(list),
    book: (_, { id }) => books.byId(id),
    textbookApplication: (_, { id }, { cause }) => applications.byId(id, cause.actor),
    operationsTextbookApplications: (_, list, { cause }) => applications.operations(list, cause.actor),
  },
  Mutation: {
    applyForTextbook: (_, { input }, { cause }) => handlers.applyForTextbook(input, cause),
    cancelTextbookApplication: (_, { input }, { cause }) => handlers.cancelTextbookApplication(input, cause),
    registerBook: (_, { input }, { cause }) => handlers.registerBook(input, cause),
  },
  Subscription: {
    applicationStatusChanged: {
      subscribe: (_, { applicationId, after }, ctx) =>
        ctx.subscribe({
          field: 'applicationStatusChanged',
          to: changes,
          after,
          allow: () => applicationId && applications.byId(applicationId, ctx.cause.actor),
          when: (event, actor) =>
            isShown(event) && sees(actor, event.data.accountId) && (!applicationId || event.data.applicationId === applicationId),
          as: change,
        }),
    },
  },
  TextbookApplicationStatusChange: {
    application: ({ applicationId }, _, ctx) => ctx.loaders.applications.load(applicationId),
  },
  TextbookApplication: {
    __resolveReference: ({ id }, ctx) => ctx.loaders.applications.load(id),
    account: ({ accountId }) => ({ id: accountId }),
    book: ({ bookId }, _, ctx) => ctx.loaders.books.load(bookId),
    notice: (application) => noticeOf(application),
    payment: ({ paymentId }) => (paymentId === null ? null : { id: paymentId }),
    delivery: ({ deliveryId }) => (deliveryId === null ? null : { id: deliveryId }),
  },
  Book: {
    __resolveReference: ({ id }, ctx) => ctx.loaders.books.load(id),
  },
  Account: {
    __resolveReference: ({ id }) => ({ id }),
    textbookApplications: ({ id }, list, { cause }) => applications.ofAccount(id, list, cause.actor),
  },
});
