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

/** Another context's entity, once its id is known. */
const entity = (id: string | null) => (id === null ? null : { id });

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
    ptOrders: ({ accountId }, args) => views.PT_ORDER.ofAccount(accountId, args),
    missionRecords: ({ accountId }, args) => views.MISSION_RECORD.ofAccount(accountId, args),
    gifts: ({ accountId }, args) => views.GIFT.ofAccount(accountId, args),
  },
  OperationsPage: {
    textbookApplications: (_, args) => views.TEXTBOOK_APPLICATION.ofEverybody(args),
    cleaningReservations: (_, args) => views.CLEANING_RESERVATION.ofEverybody(args),
    tickets: (_, args) => views.TICKET.ofEverybody(args),
    ptOrders: (_, args) => views.PT_ORDER.ofEverybody(args),
    missionRecords: (_, args) => views.MISSION_RECORD.ofEverybody(args),
    gifts: (_, args) => views.GIFT.ofEverybody(args),
  },
  MyPageChange: {
    row: ({ view, rowId }) => views[view].one(rowId),
    page: ({ accountId }) => ({ accountId }),
  },
  MyPageTextbookApplication: {
    application: ({ id }) => ({ id }),
    account: ({ accountId }) => ({ id: accountId }),
    payment: ({ paymentId }) => entity(paymentId),
    delivery: ({ deliveryId }) => entity(deliveryId),
  },
  MyPageCleaningReservation: {
    reservation: ({ id }) => ({ id }),
    account: ({ accountId }) => ({ id: accountId }),
    cleaningAtInSeoul: ({ cleaningAt }) => inSeoul(cleaningAt),
    payment: ({ paymentId }) => entity(paymentId),
    cleaning: ({ cleaningId }) => entity(cleaningId),
  },
  MyPageTicket: {
    ticket: ({ id }) => ({ id }),
    account: ({ accountId }) => ({ id: accountId }),
    payment: ({ paymentId }) => entity(paymentId),
    rental: ({ rentalId }) => entity(rentalId),
    kickboard: ({ kickboardId }) => entity(kickboardId),
  },
  MyPagePaymentMethod: {
    paymentMethod: ({ id }) => ({ id }),
    account: ({ accountId }) => ({ id: accountId }),
  },
  MyPagePtOrder: {
    order: ({ id }) => ({ id }),
    account: ({ accountId }) => ({ id: accountId }),
    ptClass: ({ classId }) => ({ id: classId }),
    assignment: ({ assignmentId }) => entity(assignmentId),
    trainer: ({ trainerId }) => entity(trainerId),
    schedule: ({ scheduleId }) => entity(scheduleId),
    lessonAtInSeoul: ({ lessonAt }) => lessonAt && inSeoul(lessonAt),
  },
  MyPageMissionRecord: {
    record: ({ id }) => ({ id }),
    account: ({ accountId }) => ({ id: accountId }),
    mission: ({ missionId }) => ({ id: missionId }),
    reward: ({ rewardId }) => entity(rewardId),
    message: ({ messageId }) => entity(messageId),
  },
  MyPageGift: {
    exchange: ({ id }) => ({ id }),
    gift: ({ giftId }) => ({ id: giftId }),
    item: ({ giftItemId }) => ({ id: giftItemId }),
    account: ({ accountId }) => ({ id: accountId }),
  },
});
