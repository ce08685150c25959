import type { Kernel } from '@madang/kernel/context';
import { Refused } from '@madang/kernel/domain';
import { type Edge, Unavailable } from '@madang/kernel/resilience';
import { RedeemTicketDocument, ReleaseTicketDocument } from '../generated/tickets.ts';
import type { Tickets, Unknown } from '../ports.ts';
import type { TicketRefusal } from '../rental/decide.ts';

/** A rental that waits for its ticket is looked at again at least this often: tickets may be back sooner than they thought. */
const LONGEST_WAIT_MS = 5_000;

const DEFINITE: ReadonlySet<string> = new Set<TicketRefusal>(['TICKET_NOT_FOUND', 'TICKET_USED', 'TICKET_EXPIRED', 'TICKET_VOIDED']);
const isDefinite = (code: string): code is TicketRefusal => DEFINITE.has(code);

/** The tickets context, through its edge. */
export function ticketsAt(edge: Edge, log: Kernel['log']): Tickets {
  function unknown(error: unknown): Unknown {
    if (error instanceof Unavailable)
      return { kind: 'UNKNOWN', askAgainInMs: Math.min(error.retryAfterSeconds * 1_000, LONGEST_WAIT_MS), why: error };
    // A refusal that is no business of the customer's: our own fault.
    log.error({ err: error }, 'tickets refused what they should not');
    return { kind: 'UNKNOWN', askAgainInMs: LONGEST_WAIT_MS, why: error };
  }

  return {
    async redeem({ id: rentalId, accountId, ticketId, rentedAt }, cause) {
      try {
        const input = { accountId, ticketId, rentalId, rentedAt, idempotencyKey: `redeem ${rentalId}` };
        const { redeemTicket } = await edge.call(RedeemTicketDocument, { input }, cause);
        return { kind: 'REDEEMED', usingMinutes: redeemTicket.usingMinutes };
      } catch (error) {
        if (error instanceof Refused && isDefinite(error.code)) return { kind: 'REFUSED', code: error.code };
        if (error instanceof Refused && error.code === 'RENTAL_RELEASED') return { kind: 'RELEASED' };
        return unknown(error);
      }
    },

    async release({ id: rentalId, accountId, ticketId }, cause) {
      try {
        const input = { accountId, ticketId, rentalId, idempotencyKey: `release ${rentalId}` };
        await edge.call(ReleaseTicketDocument, { input }, cause);
        return null;
      } catch (error) {
        if (error instanceof Refused && error.code === 'TICKET_NOT_FOUND') return null;
        return unknown(error);
      }
    },
  };
}
