import {
  type BulkheadPolicy,
  bulkhead,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleType,
  type RetryPolicy,
  retry,
} from 'cockatiel';
import type { Traffic } from '../../settings/traffic.ts';
import type { Answer, NoAnswer } from '../transport.ts';

/** A try that says the subgraph is not well: what retry and breaker count. */
export class TryFailed extends Error {
  override name = 'TryFailed';
  readonly answer: Answer | NoAnswer;

  constructor(answer: Answer | NoAnswer) {
    super('the subgraph gave no answer');
    this.answer = answer;
  }
}

/** cockatiel's policies of one subgraph, shared by all requests to it. */
export interface Policies {
  readonly bulkhead: BulkheadPolicy;
  readonly breaker: CircuitBreakerPolicy;
  readonly retry: RetryPolicy;
}

const failures = handleType(TryFailed);

export function policies(settings: Traffic): Policies {
  return {
    bulkhead: bulkhead(settings.bulkhead, settings.queue),
    breaker: circuitBreaker(failures, {
      halfOpenAfter: settings.breakerOpenMs,
      breaker: new ConsecutiveBreaker(settings.breakerFailures),
      halfOpenSampling: { calls: settings.breakerTrials, threshold: 0 },
    }),
    retry: retry(failures, {
      maxAttempts: settings.retries,
      backoff: new ExponentialBackoff({ initialDelay: 30, maxDelay: 200 }),
    }),
  };
}

/** A breaker's state as the log and the metrics tell it. */
export const wordOf = (state: CircuitState): 'closed' | 'half-open' | 'open' =>
  state === CircuitState.Closed ? 'closed' : state === CircuitState.HalfOpen ? 'half-open' : 'open';
