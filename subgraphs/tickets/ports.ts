import type { Cause } from '@madang/kernel/context';

/** What is to be paid: one ticket, once. */
export interface Bill {
  readonly ticketId: string;
  readonly accountId: string;
  /** Korean won. */
  readonly amount: number;
  /** For the receipt. */
  readonly orderName: string;
}

/** Nobody knows, and when to ask again. `sent` false: payments got no call. */
export interface Unknown {
  readonly kind: 'UNKNOWN';
  readonly sent: boolean;
  readonly askAgainInMs: number;
  readonly why: unknown;
}

/** What payments decided. GONE: that payment is cancelled, or being so. */
export type PaymentAnswer =
  | { readonly kind: 'APPROVED'; readonly paymentId: string }
  | { readonly kind: 'DECLINED'; readonly reason: string }
  | { readonly kind: 'NO_PAYMENT_METHOD' }
  | { readonly kind: 'GONE' }
  | Unknown;

/** Who charges and gives back. Asking again for the same ticket is safe: it is charged once and given back once. */
export interface Payments {
  /** Answers within a second. */
  charge(bill: Bill, cause: Cause): Promise<PaymentAnswer>;
  /** Whatever was or will be charged is given back. Null when it is taken care of. */
  giveBack(bill: Pick<Bill, 'ticketId' | 'accountId'>, cause: Cause): Promise<Unknown | null>;
}
