import type { Cause } from '@madang/kernel/context';

/** What is to be paid: one reservation, once. */
export interface Bill {
  readonly reservationId: string;
  readonly accountId: string;
  /** Korean won. */
  readonly amount: number;
  /** For the receipt. */
  readonly title: string;
}

/** What payments decided. */
export type PaymentAnswer =
  | { readonly kind: 'APPROVED'; readonly paymentId: string }
  | { readonly kind: 'DECLINED'; readonly reason: string }
  | { readonly kind: 'NO_PAYMENT_METHOD' }
  | Unknown;

/** Nobody knows what payments did; `sent` is false when they got no call. */
export interface Unknown {
  readonly kind: 'UNKNOWN';
  readonly sent: boolean;
  readonly retryAfterSeconds: number;
  readonly why: unknown;
}

/** Who charges and gives back. Asking again for the same reservation is safe: it is charged once and given back once. */
export interface Payments {
  /** Answers within a second. */
  charge(bill: Bill, cause: Cause): Promise<PaymentAnswer>;
  /** Whatever was or will be charged is given back. Null when it is taken care of. */
  giveBack(bill: Pick<Bill, 'reservationId' | 'accountId'>, cause: Cause): Promise<Unknown | null>;
}
