import { type Aggregate, defineFact, type Fact } from '@madang/kernel/domain';
import type { z } from 'zod';
import type { chargedMethodKind } from '../events.ts';

/** What a number is known by here. The number itself is kept nowhere. */
export interface Authorised {
  readonly last4: string;
  /** Keyed: equal for equal numbers, and tells nothing without the key. */
  readonly fingerprint: string;
  /** What the processor charges it by. */
  readonly token: string;
}

/** What it was charged by before, as long as the processor does not know that it is not to be any more. */
type RetiredTokens = readonly string[];

export type BillingKey =
  | (Authorised & {
      /** The payment method's id. */
      readonly id: string;
      readonly accountId: string;
      readonly kind: z.infer<typeof chargedMethodKind>;
      readonly status: 'ACTIVE';
      /** The payer's methods' revision that was seen last: what is older changes nothing any more. */
      readonly revision: number;
      /** The revision that the present number came with. */
      readonly numberRevision: number;
      readonly retiredTokens: RetiredTokens;
    })
  /** What was never registered can be revoked as well: then a late registration does not bring it to life. */
  | {
      readonly id: string;
      readonly accountId: string;
      readonly status: 'REVOKED';
      readonly revision: number;
      readonly retiredTokens: RetiredTokens;
    };

export type BillingKeyRegistered = Fact<
  'BillingKeyRegistered',
  Authorised & { id: string; accountId: string; kind: z.infer<typeof chargedMethodKind>; revision: number }
>;
export type BillingKeyNumberChanged = Fact<'BillingKeyNumberChanged', Authorised & { revision: number }>;
export type BillingKeyFenced = Fact<'BillingKeyFenced', { revision: number }>;
export type BillingKeyRevoked = Fact<'BillingKeyRevoked', { id: string; accountId: string; revision: number }>;

export type BillingKeyTokensRevoked = Fact<'BillingKeyTokensRevoked', { tokens: readonly string[] }>;

export const billingKeyRegistered = defineFact<BillingKeyRegistered>('BillingKeyRegistered');
export const billingKeyNumberChanged = defineFact<BillingKeyNumberChanged>('BillingKeyNumberChanged');
/** What was sent before that revision and arrives only now is too late. */
export const billingKeyFenced = defineFact<BillingKeyFenced>('BillingKeyFenced');
export const billingKeyRevoked = defineFact<BillingKeyRevoked>('BillingKeyRevoked');
/** The processor charges nothing of those tokens any more. */
export const billingKeyTokensRevoked = defineFact<BillingKeyTokensRevoked>('BillingKeyTokensRevoked');

/** None is published: payment-methods tells of what they follow from. */
export type BillingKeyEvent =
  | BillingKeyRegistered
  | BillingKeyNumberChanged
  | BillingKeyFenced
  | BillingKeyRevoked
  | BillingKeyTokensRevoked;

export const billingKey: Aggregate<BillingKey, BillingKeyEvent> = {
  name: 'billing key',
  evolve(state, event) {
    switch (event.name) {
      case 'BillingKeyRegistered':
        return { ...event.data, status: 'ACTIVE', numberRevision: event.data.revision, retiredTokens: [] };
      case 'BillingKeyRevoked':
        return { ...event.data, status: 'REVOKED', retiredTokens: retired(state) };
      case 'BillingKeyNumberChanged':
        return state?.status === 'ACTIVE'
          ? { ...state, ...event.data, numberRevision: event.data.revision, retiredTokens: retired(state) }
          : there(state);
      case 'BillingKeyFenced':
        return { ...there(state), revision: event.data.revision };
      case 'BillingKeyTokensRevoked': {
        const known = there(state);
        return { ...known, retiredTokens: known.retiredTokens.filter((token) => !event.data.tokens.includes(token)) };
      }
    }
  },
};

/** What is charged now is not to be any more. */
function retired(state: BillingKey | null): RetiredTokens {
  if (state === null) return [];
  return state.status === 'ACTIVE' ? [...state.retiredTokens, state.token] : state.retiredTokens;
}

function there(state: BillingKey | null): BillingKey {
  if (state === null) throw new TypeError('a change without a billing key');
  return state;
}
