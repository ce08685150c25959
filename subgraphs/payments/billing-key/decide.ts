import { type Actor, type Decide, notFound, Refused, requireService } from '@madang/kernel/domain';
import type { z } from 'zod';
import type { chargedMethodKind } from '../events.ts';
import {
  type Authorised,
  type BillingKey,
  type BillingKeyEvent,
  billingKeyFenced,
  billingKeyNumberChanged,
  billingKeyRegistered,
  billingKeyRevoked,
  billingKeyTokensRevoked,
} from './billing-key.ts';

interface Wanted {
  readonly accountId: string;
  readonly paymentMethodId: string;
  readonly revision: number;
}

export type Registration = Wanted & { readonly kind: z.infer<typeof chargedMethodKind>; readonly fingerprint: string };
export type Change = Wanted & {
  /** Of the new number; null when the number does not change. */
  readonly fingerprint: string | null;
};

function requireOwn(state: BillingKey, { accountId }: Wanted, actor: Actor): void {
  requireService(actor);
  if (state.accountId !== accountId) throw notFound('The billing key');
}

/** Whether the processor is to be asked about the number first. */
export const registersNumber = (state: BillingKey | null): boolean => state === null;
export const changesNumber = (state: BillingKey | null, { revision, fingerprint }: Change): boolean =>
  fingerprint !== null && state?.status === 'ACTIVE' && revision > state.revision;

const unauthorised = () => new TypeError('a number is kept once the processor has authorised it');

/** A revoked key stays revoked. */
export const decideRegister: Decide<BillingKey, Registration & { readonly authorised: Authorised | null }, BillingKeyEvent> = (
  state,
  input,
  { actor },
) => {
  requireService(actor);
  if (state === null) {
    const { paymentMethodId, accountId, kind, revision, authorised } = input;
    if (authorised === null) throw unauthorised();
    return [billingKeyRegistered({ id: paymentMethodId, accountId, kind, revision, ...authorised })];
  }
  requireOwn(state, input, actor);
  if (state.status === 'ACTIVE' && (state.kind !== input.kind || state.fingerprint !== input.fingerprint))
    throw new Refused('IDEMPOTENCY_CONFLICT', 'This payment method has another number.', { field: 'number' });
  return [];
};

/** What is older than the key is answered with the key as it is. */
export const decideChange: Decide<BillingKey, Change & { readonly authorised: Authorised | null }, BillingKeyEvent> = (
  state,
  input,
  { actor },
) => {
  requireService(actor);
  if (state === null) throw notFound('The billing key');
  requireOwn(state, input, actor);
  if (state.status === 'REVOKED') throw notFound('The billing key');
  if (input.revision <= state.revision) return [];
  if (input.fingerprint === null) return [billingKeyFenced({ revision: input.revision })];
  if (input.authorised === null) throw unauthorised();
  return [billingKeyNumberChanged({ ...input.authorised, revision: input.revision })];
};

/** Revoking cannot be too late. */
export const decideRevoke: Decide<BillingKey, Wanted, BillingKeyEvent> = (state, input, { actor }) => {
  requireService(actor);
  if (state !== null) requireOwn(state, input, actor);
  if (state?.status === 'REVOKED') return [];
  const { paymentMethodId: id, accountId, revision } = input;
  return [billingKeyRevoked({ id, accountId, revision })];
};

/** The processor knows of them: those are over with. */
export const decideRecordRevocation: Decide<BillingKey, { readonly tokens: readonly string[] }, BillingKeyEvent> = (state, { tokens }) =>
  state?.retiredTokens.some((token) => tokens.includes(token)) ? [billingKeyTokensRevoked({ tokens })] : [];
