import type { Metrics } from '../metrics.ts';
import type { Limits } from '../settings/limits.ts';
import { Connections, type Exchange } from './http/connections.ts';

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
   * @param headers as lines, each with its end
   * @param repeatable what only reads: it is sent again, once, when a kept-alive connection turns out to be stale
   * @returns gives it up; what has been sent may still be done
   */
  send(body: string, headers: string, repeatable: boolean, done: (answer: Answer | NoAnswer) => void): GiveUp;
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
  'CONNECT_TIMEOUT',
  // Of the router's own policies: its breaker is open, its bulkhead full, it waited for a place for too long.
  'broken',
  'bulkhead',
  'queue',
  'DEADLINE_BEFORE_SENT',
]);
const STALE = new Set(['CLOSED', 'ECONNRESET', 'EPIPE']);

const reasonOf = (error: unknown): string => {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : String(name ?? 'unknown');
};

/** Connects to the subgraph at `url`: keep-alive, time-outs and number of connections from `limits`. */
export function transport(subgraph: string, url: string, limits: Limits, metrics: Metrics): Transport {
  const address = new URL(url);
  const connections = new Connections(address, {
    most: limits.connections,
    connectTimeoutMs: limits.connectTimeoutMs,
    answerTimeoutMs: limits.fetchTimeoutMs,
  });
  const first = `POST ${address.pathname}${address.search} HTTP/1.1\r\nhost: ${address.host}\r\nconnection: keep-alive\r\n`;
  const durations = metrics.fetches.labels({ subgraph });

  return {
    send(body, headers, repeatable, done) {
      const startedAt = performance.now();
      let givenUp: Error | undefined;
      let giveUp: (why: Error) => void = () => {};
      let again = repeatable;

      const end = (answer: Answer | NoAnswer): void => {
        durations.observe((performance.now() - startedAt) / 1_000);
        if (answer instanceof NoAnswer) metrics.fetchErrors.inc({ subgraph, reason: answer.reason });
        done(answer);
      };
      const bytes = Buffer.byteLength(body);
      const exchange: Exchange = {
        head: `${first}${headers}content-length: ${bytes}\r\n\r\n`,
        body,
        isAscii: bytes === body.length,
        repeatable,
        answered: ({ status, retryAfter }, text) => end({ status, retryAfter, text }),
        failed(error) {
          if (givenUp instanceof NoAnswer) return end(givenUp);
          const reason = reasonOf(error);
          if (!again || givenUp || !STALE.has(reason)) return end(new NoAnswer(reason, error));
          again = false;
          giveUp = connections.send(exchange);
        },
      };
      giveUp = connections.send(exchange);
      return (why = undefined) => {
        givenUp = why ?? new GivenUp();
        giveUp(givenUp);
      };
    },
    close: async () => connections.close(),
  };
}

/** The client is gone. */
class GivenUp extends Error {
  override name = 'AbortError';
}
