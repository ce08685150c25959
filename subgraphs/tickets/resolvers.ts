import type { ReceivedOf, RequestContext } from '@madang/kernel/graphql';
import { TicketExpired, TicketPurchased, TicketReleased, TicketUsed, TicketVoided } from './events.ts';
import type { Resolvers, TicketStatus } from './generated/graphql.ts';
import type { Handlers } from './handlers.ts';
import { phoneOf, type ShownStatus, sees, type TicketLoader, type TicketsModel } from './read-models/tickets.ts';

export interface Loaders {
  readonly tickets: TicketLoader;
}

type Context = RequestContext<Loaders>;

const changes = [TicketPurchased, TicketUsed, TicketReleased, TicketExpired, TicketVoided] as const;
const statusAfter = {
  TicketPurchased: 'AVAILABLE',
  TicketUsed: 'USED',
  TicketReleased: 'AVAILABLE',
  TicketExpired: 'EXPIRED',
  TicketVoided: 'VOIDED',
} as const;

/** A change as it is pushed; the ticket itself is read when it is asked for. */
export interface TicketChange {
  readonly status: TicketStatus;
  readonly occurredAt: Date;
  readonly cursor: string;
  readonly ticketId: string;
}

const change = ({ name, time, data }: ReceivedOf<(typeof changes)[number]>, cursor: string): TicketChange => ({
  status: statusAfter[name],
  occurredAt: time,
  cursor,
  ticketId: data.ticketId,
});

export const resolvers = (handlers: Handlers, tickets: TicketsModel): Resolvers<Context> => ({
  Query: {
    ticket: (_, { id }, { cause }) => tickets.byId(id, cause.actor),
    operationsTickets: (_, list, { cause }) => tickets.operations(list, cause.actor),
  },
  Mutation: {
    purchaseTicket: (_, { input }, { cause }) => handlers.purchaseTicket(input, cause),
    redeemTicket: (_, { input }, { cause }) => handlers.redeemTicket(input, cause),
    releaseTicket: (_, { input }, { cause }) => handlers.releaseTicket(input, cause),
  },
  Subscription: {
    ticketStatusChanged: {
      subscribe: (_, { ticketId, after }, ctx) =>
        ctx.subscribe({
          field: 'ticketStatusChanged',
          to: changes,
          after,
          allow: () => ticketId && tickets.byId(ticketId, ctx.cause.actor),
          when: ({ data }, actor) => sees(actor, data.accountId) && (!ticketId || data.ticketId === ticketId),
          as: change,
        }),
    },
  },
  TicketStatusChange: {
    ticket: ({ ticketId }, _, { cause }) => tickets.byId(ticketId, cause.actor),
  },
  Ticket: {
    __resolveReference: ({ id }, ctx) => ctx.loaders.tickets.load(id),
    account: ({ accountId }) => ({ id: accountId }),
    status: ({ status }) => status as ShownStatus,
    phone: (ticket, _, { cause }) => phoneOf(ticket, cause.actor),
    payment: ({ paymentId }) => (paymentId === null ? null : { id: paymentId }),
    rental: ({ rentalId }) => (rentalId === null ? null : { id: rentalId }),
  },
  Account: {
    __resolveReference: ({ id }) => ({ id }),
    tickets: ({ id }, list, { cause }) => tickets.ofAccount(id, list, cause.actor),
  },
});
