import type { Cause } from '@madang/kernel/context';
import type { PaymentOutcome } from './textbook-application/commands.ts';

/** What is to be paid: one application, once. */
export interface Bill {
  readonly applicationId: string;
  readonly accountId: string;
  /** Korean won. */
  readonly amount: number;
  /** For the receipt. */
  readonly title: string;
  readonly quantity: number;
}

/** What payments decided; or that nobody knows yet, and when to ask again. */
export type PaymentAnswer =
  | Exclude<PaymentOutcome, { kind: 'REFUSED' }>
  | { readonly kind: 'NO_PAYMENT_METHOD' }
  | { readonly kind: 'UNKNOWN'; readonly askAgainInMs: number; readonly why: unknown };

/** Who charges and gives back. Asking again for the same application is safe: it is charged once and given back once. */
export interface Payments {
  /** Answers within a second. */
  charge(bill: Bill, cause: Cause): Promise<PaymentAnswer>;
  /** Whatever was or will be charged is given back. Null when it is taken care of, otherwise when to ask again. */
  giveBack(bill: Pick<Bill, 'applicationId' | 'accountId'>, cause: Cause): Promise<Extract<PaymentAnswer, { kind: 'UNKNOWN' }> | null>;
}
