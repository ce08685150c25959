import { type Happening, story, TICKET } from '../happenings.ts';

const TICKETED = { context: 'tickets', reference: TICKET };
const at = (revision: number) => ({ revision });

/** What may happen to a ticket for kickboards, from its beginning to an end. */
export const TICKET_STORIES: Readonly<Record<string, Happening[]>> = {
  'ridden with, and returned late': story(
    ['PaymentApproved', TICKETED],
    ['TicketPurchased', at(1)],
    ['TicketUsed', at(2)],
    'KickboardRented',
    ['KickboardReturned', { overdue: true }],
  ),
  'redeemed after the ride': story(['PaymentApproved', TICKETED], ['TicketPurchased', at(1)], 'KickboardRented', 'KickboardReturned', [
    'TicketUsed',
    at(2),
  ]),
  'used, released and used again': story(
    ['PaymentApproved', TICKETED],
    ['TicketPurchased', at(1)],
    ['TicketUsed', at(2)],
    ['TicketReleased', at(3)],
    ['TicketUsed', at(4)],
    'KickboardRented',
  ),
  'used and released': story(['PaymentApproved', TICKETED], ['TicketPurchased', at(1)], ['TicketUsed', at(2)], ['TicketReleased', at(3)]),
  'released when it had expired': story(
    ['PaymentApproved', TICKETED],
    ['TicketPurchased', at(1)],
    ['TicketUsed', at(2)],
    ['TicketReleased', at(3)],
    ['TicketExpired', at(4)],
  ),
  'voided by its refund': story(
    ['PaymentApproved', TICKETED],
    ['TicketPurchased', at(1)],
    ['PaymentCancelling', TICKETED],
    ['PaymentCancelled', TICKETED],
    ['TicketVoided', at(2)],
  ),
  'used when it was refunded': story(
    ['PaymentApproved', TICKETED],
    ['TicketPurchased', at(1)],
    ['TicketUsed', at(2)],
    'KickboardRented',
    ['PaymentCancelling', TICKETED],
    ['PaymentCancelled', TICKETED],
    'KickboardReturned',
  ),
  'never there, and given back': story(['PaymentApproved', TICKETED], ['PaymentCancelling', TICKETED], ['PaymentCancelled', TICKETED]),
};
