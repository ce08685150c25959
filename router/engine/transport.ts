import { Pool } from 'undici';
import type { Metrics } from '../metrics.ts';
import type { Limits } from '../settings/limits.ts';

/** A subgraph's answer to a POST. */
export interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

/** The connections to one subgraph. */
export interface Transport {
  /**
   * Sends a GraphQL request and calls back once, with its answer or with why there is none.
   * @param repeatable what only reads: it is sent again, once, when a kept-alive connection turns out to be stale
   * @returns gives it up; what has been sent may still be done
   */
  send(body: string, headers: readonly string[], repeatable: boolean, done: (answer: Answer | NoAnswer) => void): GiveUp;
  close(): Promise<void>;
}

/** Gives a request up: for a reason, or because the client is gone. */
export type GiveUp = (why?: NoAnswer) => void;

/** There was no answer. `sent` is false when the subgraph cannot have got the request. */
export class NoAnswer extends Error {
  override name = 'NoAnswer';
  readonly reason: string;
  readonly sent: boolean;
  /** Where it is known when to come back. */
  readonly retryAfterSeconds: number | undefined;

  constructor(reason: string, cause: unknown, retryAfterSeconds?: number) {
    super(`no answer: ${reason}`, { cause });
    this.reason = reason;
    this.sent = !NOT_SENT.has(reason);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  // Of the router's own policies: its breaker is open, its bulkhead full, it waited for a place for too long.
  'broken',
  'bulkhead',
  'queue',
]);
const STALE = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

const reasonOf = (error: unknown): string => {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : String(name ?? 'unknown');
};

/** Connects to the subgraph at `url`: keep-alive, time-outs and size of the pool from `limits`. */
export function transport(subgraph: string, url: string, limits: Limits, metrics: Metrics): Transport {
  const { origin, pathname, search } = new URL(url);
  const pool = new Pool(origin, {
    connections: limits.connections,
    connect: { timeout: limits.connectTimeoutMs },
    headersTimeout: limits.fetchTimeoutMs,
    bodyTimeout: limits.fetchTimeoutMs,
    keepAliveTimeout: 30_000,
  });
  const path = pathname + search;
  const durations = metrics.fetches.labels({ subgraph });

  return {
    send(body, headers, repeatable, done) {
      const startedAt = performance.now();
      let givenUp: Error | undefined;
      let abort: ((reason: Error) => void) | undefined;
      let again = repeatable;

      const end = (answer: Answer | NoAnswer): void => {
        durations.observe((performance.now() - startedAt) / 1_000);
        if (answer instanceof NoAnswer) metrics.fetchErrors.inc({ subgraph, reason: answer.reason });
        done(answer);
      };
      const dispatch = (): void => {
        let status = 0;
        let retryAfter: string | undefined;
        let only: Buffer | undefined;
        let chunks: Buffer[] | undefined;
        pool.dispatch(
          { path, method: 'POST', headers: headers as string[], body },
          {
            // Without promises or streams: a router spends most of its time here.
            onRequestStart(controller) {
              abort = (reason) => controller.abort(reason);
              if (givenUp) controller.abort(givenUp);
            },
            onResponseStart(_, code, { 'retry-after': after }) {
              status = code;
              retryAfter = Array.isArray(after) ? after[0] : after;
            },
            onResponseData(_, chunk) {
              if (chunks) chunks.push(chunk);
              else if (only) chunks = [only, chunk];
              else only = chunk;
            },
            onResponseEnd() {
              end({ status, retryAfter, text: (chunks ? Buffer.concat(chunks) : only)?.toString('utf8') ?? '' });
            },
            onResponseError(_, error) {
              if (givenUp instanceof NoAnswer) return end(givenUp);
              const reason = reasonOf(error);
              if (!again || givenUp || !STALE.has(reason)) return end(new NoAnswer(reason, error));
              again = false;
              dispatch();
            },
          },
        );
      };
      dispatch();
      return (why = undefined) => {
        givenUp = why ?? new GivenUp();
        abort?.(givenUp);
      };
    },
    close: () => pool.destroy(),
  };
}

/** The client is gone. */
class GivenUp extends Error {
  override name = 'AbortError';
}
