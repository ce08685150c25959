import { BrokenCircuitError, BulkheadRejectedError, CircuitState, TaskCancelledError, TimeoutStrategy, timeout } from 'cockatiel';
import type { Logger } from 'pino';
import type { Metrics } from '../../metrics.ts';
import type { Traffic } from '../../settings/traffic.ts';
import { type Answer, type GiveUp, NoAnswer, type Transport } from '../transport.ts';
import { policies, TryFailed, wordOf } from './policies.ts';

export interface GuardedOptions {
  readonly subgraph: string;
  readonly settings: Traffic;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** Nobody waits for it any more: it says nothing about the subgraph. */
class Left extends Error {
  override name = 'Left';
}

const LEVEL = { closed: 0, 'half-open': 1, open: 2 } as const;
/** When a place may be free again. */
const SOON_SECONDS = 1;
/** Reasons that no try has. */
const NOT_TRIED: ReadonlySet<string> = new Set(['broken', 'bulkhead', 'queue']);

/** An error of the server that has nothing else to say. A refusal in GraphQL is an answer. */
const isFailure = ({ status, text }: Answer): boolean => status >= 500 && !text.includes('"data":{');

/** The subgraph itself says when to come back: asked before, it would say so again. */
const saysWhen = (answer: Answer | NoAnswer): boolean =>
  !(answer instanceof NoAnswer) && (answer.retryAfter !== undefined || answer.text.includes('"retryAfterSeconds"'));

/**
 * The way to a subgraph with its policies: deadline, bulkhead, breaker, and for what only reads retry.
 * Nothing but bulkhead and breaker is in the way of a request that is answered at once; the other policies come in once a try has failed.
 */
export function guarded(to: Transport, { subgraph, settings, metrics, log }: GuardedOptions): Transport {
  const { bulkhead, breaker, retry } = policies(settings);
  let trials = 0;
  let openedAt = 0;
  breaker.onHalfOpen(() => (trials = 0));
  breaker.onStateChange((state) => {
    if (state === CircuitState.Open) openedAt = Date.now();
    log.warn({ subgraph, breaker: wordOf(state) }, 'the breaker changed');
  });
  metrics.watchTraffic(subgraph, () => ({
    level: LEVEL[wordOf(breaker.state)],
    running: settings.bulkhead - bulkhead.executionSlots,
    places: settings.bulkhead,
    waiting: settings.queue - bulkhead.queueSlots,
  }));

  const openForSeconds = () => Math.max(1, Math.ceil((openedAt + settings.breakerOpenMs - Date.now()) / 1_000));

  /** The policies' own words as answers. */
  function answerOf(error: unknown): Answer | NoAnswer {
    if (error instanceof TryFailed) return error.answer;
    if (error instanceof BrokenCircuitError) return new NoAnswer('broken', error, openForSeconds());
    if (error instanceof BulkheadRejectedError) return new NoAnswer('bulkhead', error, SOON_SECONDS);
    return new NoAnswer(error instanceof TaskCancelledError ? 'timeout' : 'unknown', error);
  }

  return {
    send(body, headers, repeatable, done) {
      const startedAt = performance.now();
      const tryMs = repeatable && settings.retries > 0 ? settings.tryTimeoutMs : undefined;
      let over = false;
      let left = false;
      /** Of the try that is under way. */
      let giveUp: GiveUp | undefined;

      const end = (answer: Answer | NoAnswer): void => {
        if (over) return;
        over = true;
        clearTimeout(timer);
        if (answer instanceof NoAnswer && NOT_TRIED.has(answer.reason)) metrics.fetchErrors.inc({ subgraph, reason: answer.reason });
        done(answer);
      };

      const once = (): Promise<Answer> => {
        if (over) return Promise.reject(new Left());
        if (breaker.state === CircuitState.HalfOpen) trials++;
        return new Promise((resolve, reject) => {
          giveUp = to.send(body, headers, repeatable, (answer) => {
            giveUp = undefined;
            if (over) clearTimeout(timer);
            if (left) reject(new Left());
            else if (answer instanceof NoAnswer || isFailure(answer)) reject(new TryFailed(answer));
            else resolve(answer);
          });
        });
      };
      /** cockatiel would have what comes beside the trials wait for their outcome. */
      const unlessTried = (): Promise<Answer> =>
        breaker.state === CircuitState.HalfOpen && trials >= settings.breakerTrials
          ? Promise.reject(new BrokenCircuitError())
          : breaker.execute(once);
      const attempt = (): Promise<Answer> => bulkhead.execute(unlessTried);

      const again = (failure: unknown): void => {
        const msLeft = settings.timeoutMs - (performance.now() - startedAt);
        const isWorthIt = tryMs !== undefined && !over && msLeft > 0 && failure instanceof TryFailed && !saysWhen(failure.answer);
        if (!isWorthIt) {
          end(answerOf(failure));
          return;
        }
        clearTimeout(timer);
        timeout(msLeft, TimeoutStrategy.Aggressive)
          .execute(({ signal }) =>
            retry.execute(({ attempt: nth }) => {
              if (nth === 0) throw failure;
              metrics.fetchRetries.inc({ subgraph });
              timer = setTimeout(endTry, tryMs);
              return attempt().finally(() => clearTimeout(timer));
            }, signal),
          )
          .then(end, (error: unknown) => {
            giveUp?.(new NoAnswer('timeout', error));
            end(answerOf(error));
          });
      };

      /** What is not tried again has the whole deadline, the wait for a place included; so has a wait for a place. */
      const endTry = (): void => {
        const msLeft = settings.timeoutMs - (performance.now() - startedAt);
        if (giveUp) giveUp(new NoAnswer('timeout', undefined));
        else if (msLeft > 0) timer = setTimeout(endTry, msLeft);
        else end(new NoAnswer('queue', undefined));
      };
      let timer = setTimeout(endTry, tryMs ?? settings.timeoutMs);
      attempt().then(end, again);

      return (why = new NoAnswer('AbortError', undefined)) => {
        // A trial is seen through: that somebody left does not say that the subgraph is well.
        if (giveUp && !over && breaker.state === CircuitState.HalfOpen) {
          over = true;
          done(why);
          return;
        }
        left = true;
        giveUp?.();
        end(why);
      };
    },
    close: () => to.close(),
  };
}
