import type { Cause, Kernel, Store } from '@madang/kernel/context';
import { type InputOf, requireUser, tryAgainLater } from '@madang/kernel/domain';
import { rowOf, startingFrom } from './adapters/ticket-store.ts';
import { type checkApproval, type followPayment, purchaseTicket, redeemTicket, releaseTicket } from './commands.ts';
import { decideFollowPayment, decideOrder, decideRedeem, decideRelease } from './decide.ts';
import type { Purchasing } from './purchasing.ts';
import type { TicketRow } from './read-models/tickets.ts';
import { type Ticket, ticket } from './ticket.ts';

export interface Parts {
  readonly tickets: Store<Ticket>;
  readonly purchasing: Purchasing;
}

export type Handlers = ReturnType<typeof handlers>;

/** What `saveRow` gives a row that it inserts. */
const FIRST_VERSION = 1;

/** One function per command. */
export const handlers = (kernel: Kernel, { tickets, purchasing }: Parts) => ({
  async purchaseTicket(raw: unknown, cause: Cause): Promise<TicketRow> {
    const { idempotencyKey, ...order } = purchaseTicket.parse(raw);
    const asking = { scope: `purchaseTicket by ${requireUser(cause.actor).accountId}`, key: idempotencyKey };
    const ticketId = kernel.newId();
    const { state, replayed } = await kernel.execute({
      aggregate: ticket,
      store: startingFrom(tickets, ticketId, null),
      key: ticketId,
      input: { ...order, ticketId },
      decide: decideOrder,
      cause,
      alongside: () => ({ open: [purchasing.pay(ticketId, asking)] }),
      idempotency: { ...asking, input: order },
    });
    if (state.status !== 'ORDERED') return rowOf(state);
    const known = replayed ? await tickets.load(state.id) : { state, version: FIRST_VERSION };
    if (!known) throw tryAgainLater(1, 'Buying a ticket');
    return rowOf(await purchasing.attempt(known, asking, replayed, cause));
  },

  async redeemTicket(raw: unknown, cause: Cause): Promise<TicketRow> {
    const { idempotencyKey: _, ...input } = redeemTicket.parse(raw);
    const { ticketId: key } = input;
    return rowOf((await kernel.execute({ aggregate: ticket, store: tickets, key, input, decide: decideRedeem, cause })).state);
  },

  async releaseTicket(raw: unknown, cause: Cause): Promise<TicketRow> {
    const { idempotencyKey: _, ...input } = releaseTicket.parse(raw);
    const { ticketId: key } = input;
    return rowOf((await kernel.execute({ aggregate: ticket, store: tickets, key, input, decide: decideRelease, cause })).state);
  },

  async followPayment({ ticketId: key }: InputOf<typeof followPayment>, cause: Cause): Promise<void> {
    if (!(await tickets.load(key))) return;
    await kernel.execute({ aggregate: ticket, store: tickets, key, input: {}, decide: decideFollowPayment, cause });
  },

  async checkApproval(input: InputOf<typeof checkApproval>, cause: Cause): Promise<void> {
    await purchasing.checkApproval(input, cause);
  },
});
