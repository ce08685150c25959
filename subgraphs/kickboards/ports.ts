import type { Cause } from '@madang/kernel/context';
import type { Verdict } from './rental/decide.ts';
import type { Claim } from './rental/rental.ts';

/** Nobody knows whether they acted, and when to ask again. */
export interface Unknown {
  readonly kind: 'UNKNOWN';
  readonly askAgainInMs: number;
  readonly why: unknown;
}

export type RedeemAnswer = Exclude<Verdict, { kind: 'USABLE' }> | { readonly kind: 'RELEASED' } | Unknown;

/** Who has the tickets. Asking again for the same rental is safe: it redeems once, and never again once it was released. */
export interface Tickets {
  /** Answers within a second. RELEASED: that rental gave it back before. */
  redeem(claim: Claim, cause: Cause): Promise<RedeemAnswer>;
  /** The rental does not come about. Null when that is taken care of. */
  release(claim: Pick<Claim, 'id' | 'accountId' | 'ticketId'>, cause: Cause): Promise<Unknown | null>;
}
