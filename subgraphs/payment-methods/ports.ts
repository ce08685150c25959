import type { Cause } from '@madang/kernel/context';
import type { Kind } from './numbers.ts';

interface Of {
  readonly accountId: string;
  readonly paymentMethodId: string;
  /** Of two changes, the one with the higher revision wins, whichever arrives first. */
  readonly revision: number;
}

/** How payments has it. */
export interface BillingKey {
  readonly status: 'ACTIVE' | 'REVOKED';
  readonly isDefault: boolean;
  /** The revision that its present number came with. */
  readonly revision: number;
}

/**
 * What payments may charge. Every call throws `Refused` for a definite no, and `Unavailable` when there is no answer: then it may have been done.
 * Asked again with the same revision, it is done once.
 */
export interface BillingKeys {
  /** @throws Refused PAYMENT_METHOD_DECLINED */
  register(key: Of & { readonly kind: Kind; readonly number: string; readonly isDefault: boolean }, cause: Cause): Promise<BillingKey>;
  /** @throws Refused PAYMENT_METHOD_DECLINED */
  changeNumber(key: Of & { readonly number: string }, cause: Cause): Promise<BillingKey>;
  makeDefault(key: Of, cause: Cause): Promise<BillingKey>;
  /** Never charged again, nor brought to life by a registration that arrives later. */
  revoke(key: Of, cause: Cause): Promise<BillingKey>;
  /** How it is; what was asked for with a lower revision and arrives later changes nothing. */
  inspect(key: Of, cause: Cause): Promise<BillingKey>;
}
