import type { Policy } from '@madang/kernel/domain';
import type { HeardTicket } from '../rental/decide.ts';
import { hearOfTicketWhenTicketExpired } from './hear-of-ticket-when-ticket-expired.ts';
import { hearOfTicketWhenTicketPurchased } from './hear-of-ticket-when-ticket-purchased.ts';
import { hearOfTicketWhenTicketReleased } from './hear-of-ticket-when-ticket-released.ts';
import { hearOfTicketWhenTicketUsed } from './hear-of-ticket-when-ticket-used.ts';
import { hearOfTicketWhenTicketVoided } from './hear-of-ticket-when-ticket-voided.ts';

/** All that is listened to: what becomes of tickets. */
export const policies: readonly Policy<HeardTicket, never>[] = [
  hearOfTicketWhenTicketPurchased,
  hearOfTicketWhenTicketUsed,
  hearOfTicketWhenTicketReleased,
  hearOfTicketWhenTicketExpired,
  hearOfTicketWhenTicketVoided,
];
