import type { Result } from '../engine.ts';
import type { CachePolicy } from './policy.ts';

const policies = new WeakMap<Result, CachePolicy>();

/** A result may be kept by whoever gets it. */
export const tellPolicy = (result: Result, policy: CachePolicy): void => {
  if (policy.maxAge > 0) policies.set(result, policy);
};

export const policyTold = (result: Result): CachePolicy | undefined => policies.get(result);

/** Of what nobody may keep. */
export const NO_STORE = { 'cache-control': 'no-store' };

/**
 * The HTTP headers that tell it. Who asks is told by a header: a browser that changes its account must not find what the other one got, nor a client
 * the other media type.
 */
export function cacheHeaders(result: Result): Readonly<Record<string, string>> {
  const policy = policies.get(result);
  if (!policy) return NO_STORE;
  const { maxAge, scope } = policy;
  return {
    'cache-control': `max-age=${maxAge}, ${scope.toLowerCase()}`,
    vary: scope === 'PRIVATE' ? 'accept, authorization' : 'accept',
  };
}
