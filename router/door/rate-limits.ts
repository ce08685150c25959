import type { Actor } from '@madang/kernel/domain';
import type { Broker } from '@madang/kernel/nats';
import type { Logger } from 'pino';
import type { Metrics } from '../metrics.ts';
import type { DoorSettings } from '../settings/door.ts';
import { Buckets } from './buckets.ts';
import { tooManyRequests } from './refusals.ts';
import { sharedGrants } from './shared-grants.ts';

export interface RateLimitOptions {
  readonly settings: DoorSettings;
  readonly metrics: Pick<Metrics, 'rateLimited'>;
  readonly broker: Promise<Broker> | undefined;
  readonly log: Logger;
  /** Milliseconds; only goes forward. */
  readonly now?: (() => number) | undefined;
}

const BEFORE = { account: 'account ', address: 'address ' } as const;
type Kind = keyof typeof BEFORE;

/**
 * How often somebody may ask: an account or, of those who are not signed in, an address. A router decides by itself at once, and tells the others what it has let in. Of R routers that
 * tell each other every T, a client gets `burst + rate × time` in all, and at most (R − 1) × (burst + rate × T) more before they know of each other; that is then owed.
 */
export function rateLimits({ settings, metrics, broker, log, now = () => performance.now() }: RateLimitOptions) {
  const { ratePerAccount, burstPerAccount, ratePerAddress, burstPerAddress, rateKeys: keys, rateShareMs } = settings;
  const bucketsOf = (rate: number, burst: number) => (rate > 0 ? new Buckets({ rate: rate / 60, burst, keys, now }) : undefined);
  const buckets = { account: bucketsOf(ratePerAccount, burstPerAccount), address: bucketsOf(ratePerAddress, burstPerAddress) };
  const on = buckets.account ?? buckets.address;
  const kindOf = (key: string): Kind => (key.startsWith(BEFORE.account) ? 'account' : 'address');
  const shared = sharedGrants({
    broker: on && broker,
    everyMs: rateShareMs,
    taken: (key, count) => buckets[kindOf(key)]?.taken(key, count),
    log,
  });

  function take(kind: Kind, who: string): void {
    const own = buckets[kind];
    if (own === undefined) return;
    const key = BEFORE[kind] + who;
    const wait = own.take(key);
    if (wait > 0) {
      metrics.rateLimited.inc({ kind });
      throw tooManyRequests(wait);
    }
    shared.granted(key);
  }

  return {
    /** @throws GraphQLError TRY_AGAIN_LATER, status 429 */
    admit(actor: Actor, address: string): void {
      if (on === undefined) return;
      if (actor.kind === 'user') take('account', actor.accountId);
      else take('address', address);
    },
    close: shared.close,
  };
}
