import type { Cause } from '@madang/kernel/context';
import type { z } from 'zod';
import type { chargedMethodKind, declineReason } from './events.ts';

/** Whoever takes the money. Every operation is done once for its `idempotencyKey`; asked again, it answers as it did then. */
export interface PaymentProcessor {
  /** A zero-won authorisation: whether the number can be charged, and by what token. */
  authorise(request: {
    readonly number: string;
    readonly kind: z.infer<typeof chargedMethodKind>;
    readonly idempotencyKey: string;
  }): Promise<{ readonly token: string } | { readonly refused: string }>;

  /** No charge is made of that token from the answer on; one that is just being made is made before it, or not at all. */
  revoke(token: { readonly token: string }): Promise<void>;

  charge(request: { readonly token: string; readonly amount: number; readonly idempotencyKey: string }): Promise<ChargeAnswer>;

  /** No charge is made by that key from now on. Answers with the one that had been made. */
  withdraw(charge: { readonly idempotencyKey: string }): Promise<{ readonly chargeId: string | null }>;

  /** Gives a charge back to where it came from, whether or not that can still be charged. */
  refund(request: { readonly chargeId: string; readonly amount: number; readonly idempotencyKey: string }): Promise<void>;
}

export type ChargeAnswer =
  | { readonly outcome: 'CHARGED'; readonly chargeId: string }
  | { readonly outcome: 'DECLINED'; readonly reason: Exclude<z.infer<typeof declineReason>, 'METHOD_REMOVED'> }
  /** By that key nothing is charged any more. */
  | { readonly outcome: 'WITHDRAWN' }
  /** Of that token nothing is charged any more. */
  | { readonly outcome: 'REVOKED' };

/** The processor gave no answer. Whether it did what it was asked to is unknown. */
export class ProcessorUnavailable extends Error {
  override name = 'ProcessorUnavailable';
}

/** What was paid for, where it is delivered. */
export interface Deliveries {
  /** Stops the delivery of a textbook application for good, begun or not. Throws as long as that is not decided. */
  cancel(
    application: { readonly accountId: string; readonly applicationId: string },
    cause: Cause,
  ): Promise<'CANCELLED' | 'ALREADY_DELIVERED'>;
}
