import { type Decide, hasRole, type InputOf, notFound, Refused, requireUser, tryAgainLater } from '@madang/kernel/domain';
import { KickboardRented, KickboardReturned } from '../events.ts';
import { isRented, WHAT as THE_KICKBOARD } from '../kickboard/decide.ts';
import type { hearOfTicket, rentKickboard, returnKickboard } from './commands.ts';
import {
  type Claim,
  claimReleased,
  hasBegun,
  type Rental,
  type Ride,
  type RideChange,
  redemptionRefused,
  rentalClaimed,
  ticketRedeemed,
} from './rental.ts';

type Decision<Input> = Decide<Ride, Input, RideChange>;

/** What a customer is told that there is not, when there is not, or it is another's. */
export const WHAT = 'The rental';

const REFUSALS = {
  TICKET_NOT_FOUND: 'The ticket was not found. 이용권을 찾을 수 없습니다.',
  TICKET_USED: 'The ticket has been used. 이미 사용한 이용권입니다.',
  TICKET_EXPIRED: 'The ticket has expired. 유효 기간이 지난 이용권입니다.',
  TICKET_VOIDED: "The ticket's payment was cancelled. 결제가 취소된 이용권입니다.",
} as const;

/** Why nothing can be rented with a ticket. */
export type TicketRefusal = keyof typeof REFUSALS;
export const ticketRefused = (code: TicketRefusal): Refused => new Refused(code, REFUSALS[code], { field: 'ticketId' });

/** A ticket as its events have told so far. */
export type HeardTicket = InputOf<typeof hearOfTicket>;

/** What tickets said of a claim, or what was decided in their absence. */
export type Verdict =
  | { readonly kind: 'REDEEMED' | 'USABLE'; readonly usingMinutes: number }
  | { readonly kind: 'REFUSED'; readonly code: TicketRefusal };

/** While tickets are away, what was heard of them last decides; a ticket that was never heard of is not paid for all we know. */
export function judge(heard: HeardTicket | null, { id, accountId, rentedAt }: Claim): Verdict {
  const refused = (code: TicketRefusal): Verdict => ({ kind: 'REFUSED', code });
  if (!heard?.validUntil || !heard.usingMinutes || heard.accountId !== accountId) return refused('TICKET_NOT_FOUND');
  const { status, rentalId, usingMinutes } = heard;
  if (status === 'USED') return rentalId === id ? { kind: 'REDEEMED', usingMinutes } : refused('TICKET_USED');
  if (status === 'VOIDED') return refused('TICKET_VOIDED');
  if (status === 'EXPIRED' || rentedAt >= new Date(heard.validUntil)) return refused('TICKET_EXPIRED');
  return { kind: 'USABLE', usingMinutes };
}

/** Whoever claims a kickboard and a ticket first has both; `ticketOwner` is whose ticket it is, as far as it was heard of. */
export const decideClaim: Decision<
  Omit<InputOf<typeof rentKickboard>, 'idempotencyKey'> & { rentalId: string; ticketOwner: string | null }
> = (state, { rentalId, kickboardId, ticketId, ticketOwner }, { actor, now }) => {
  const { accountId } = requireUser(actor);
  if (state === null || state.kickboard.status === 'REMOVED') throw notFound(THE_KICKBOARD);
  const { kickboard, ticketRental } = state;
  const owner = ticketOwner ?? ticketRental?.accountId ?? accountId;
  if (owner !== accountId) throw ticketRefused('TICKET_NOT_FOUND');
  if (ticketRental !== null) throw ticketRefused('TICKET_USED');
  if (kickboard.rentalId !== null) throw isRented();
  return [rentalClaimed({ id: rentalId, accountId, kickboardId, ticketId, rentedAt: now })];
};

/** A claim comes to be a rental. One that was given up meanwhile stays so, and its ticket is released. */
export const decideBegin: Decision<Extract<Verdict, { usingMinutes: number }>> = (state, { kind, usingMinutes }, { now }) => {
  const rental = state?.rental ?? null;
  if (state === null || rental === null) throw tryAgainLater(1, 'Renting');
  const redeemed = kind === 'REDEEMED' ? [ticketRedeemed({})] : [];
  if (hasBegun(rental)) return rental.redemption === 'PENDING' ? redeemed : [];
  const { id: rentalId, accountId, kickboardId, ticketId, rentedAt } = rental;
  const { serial, lat, lng } = state.kickboard;
  const dueAt = new Date(rentedAt.getTime() + usingMinutes * 60_000).toISOString();
  const at = now.toISOString();
  return [KickboardRented({ kickboardId, serial, lat, lng, rentalId, ticketId, accountId, dueAt, at }), ...redeemed];
};

/** Kickboard and ticket are free again, unless the rental has begun after all. */
export const decideLetGo: Decision<object> = (state) => {
  if (!state?.rental) throw tryAgainLater(1, 'Renting');
  return state.rental.status === 'CLAIMED' ? [claimReleased({})] : [];
};

/** What was rented in good faith stays rented, whatever tickets say when they are back: operations are told. */
export const decideSettle: Decision<{ refusal: string | null }> = (state, { refusal }) => {
  const rental = state?.rental ?? null;
  if (!hasBegun(rental) || rental.redemption !== 'PENDING') return [];
  return [refusal === null ? ticketRedeemed({}) : redemptionRefused({ code: refusal })];
};

export const isOverdue = ({ dueAt }: { readonly dueAt: Date }, at: Date): boolean => at > dueAt;

const isShown = (rental: Rental | null, accountId: string, mayForce: boolean) =>
  hasBegun(rental) && (mayForce || rental.accountId === accountId) ? rental : null;

/** By the renter; an ADMIN may force it. Too late is a return, too. */
export const decideReturn: Decision<InputOf<typeof returnKickboard>> = (state, { lat, lng }, { actor, now }) => {
  const { accountId } = requireUser(actor);
  const rental = isShown(state?.rental ?? null, accountId, hasRole(actor, 'ADMIN'));
  if (state === null || rental === null) throw notFound(WHAT);
  if (rental.status === 'RETURNED') return [];
  const { id: rentalId, kickboardId, ticketId, dueAt } = rental;
  const of = { kickboardId, serial: state.kickboard.serial, rentalId, ticketId, accountId: rental.accountId, dueAt: dueAt.toISOString() };
  const forced = rental.accountId !== accountId;
  return [KickboardReturned({ ...of, lat, lng, forced, overdue: isOverdue(rental, now), at: now.toISOString() })];
};
