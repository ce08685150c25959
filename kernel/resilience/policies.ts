import {
  type BulkheadPolicy,
  bulkhead,
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleType,
  type IPolicy,
  retry,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';
import type { UnavailableReason } from './edge.ts';
import type { EdgeSettings } from './settings.ts';

/** A try without a definite answer: what retry and breaker count. */
export class TryFailed extends Error {
  override name = 'TryFailed';
  readonly reason: UnavailableReason;
  readonly sent: boolean;
  readonly retryAfterSeconds: number | undefined;
  constructor(reason: UnavailableReason, sent: boolean, cause?: unknown, retryAfterSeconds?: number) {
    super(reason, { cause });
    this.reason = reason;
    this.sent = sent;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export interface Policies {
  readonly breaker: CircuitBreakerPolicy;
  readonly bulkhead: BulkheadPolicy;
  /** time-out in all → bulkhead → retry → breaker; the time-out per try belongs to the try itself, which tells what it was. */
  readonly all: IPolicy;
}

/** One set of cockatiel policies; shared by all calls of an edge. */
export function policies(settings: EdgeSettings): Policies {
  const failures = handleType(TryFailed);
  const breaker = circuitBreaker(failures, {
    halfOpenAfter: settings.breakerOpenMs,
    breaker: new ConsecutiveBreaker(settings.breakerFailures),
    halfOpenSampling: { calls: settings.breakerTrials, threshold: 0 },
  });
  const again = retry(failures, {
    maxAttempts: settings.retries,
    backoff: new ExponentialBackoff({ initialDelay: 30, maxDelay: 200 }),
  });
  const deadline = timeout(settings.timeoutMs, TimeoutStrategy.Aggressive);
  const places = bulkhead(settings.bulkhead, settings.queue);
  return { breaker, bulkhead: places, all: wrap(deadline, places, again, breaker) };
}
