import { trailHeaders, within } from '@madang/kernel/observability';
import { Pool } from 'undici';
import type { RequestContext } from '../context.ts';
import type { Limits } from '../limits.ts';
import type { Metrics } from '../metrics.ts';

/** A subgraph's answer to a POST. */
export interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

/** The connections to one subgraph. */
export interface Transport {
  /**
   * Sends a GraphQL request. `repeatable` ones (what only reads) are aborted with the client and sent again, once, when a kept-alive connection turns out to be stale.
   * @throws NoAnswer
   */
  send(body: string, context: RequestContext, repeatable: boolean): Promise<Answer>;
  close(): Promise<void>;
}

/** There was no answer. `sent` is false when the subgraph cannot have got the request. */
export class NoAnswer extends Error {
  override name = 'NoAnswer';
  readonly reason: string;
  readonly sent: boolean;

  constructor(reason: string, cause: unknown) {
    super(`no answer: ${reason}`, { cause });
    this.reason = reason;
    this.sent = !NOT_SENT.has(reason);
  }
}

const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);
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

  async function once(body: string, context: RequestContext, repeatable: boolean): Promise<Answer> {
    const response = await pool.request({
      path,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        authorization: `Bearer ${await context.token()}`,
        ...trailHeaders(context),
      },
      body,
      ...(repeatable && context.signal ? { signal: context.signal } : {}),
    });
    const retryAfter = response.headers['retry-after'];
    return {
      status: response.statusCode,
      retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
      text: await response.body.text(),
    };
  }

  return {
    async send(body, context, repeatable) {
      const stop = metrics.fetches.startTimer({ subgraph });
      const span = context.watch?.fetch(subgraph, context.traceparent);
      const inner = within(context, span);
      try {
        return await once(body, inner, repeatable).catch((error: unknown) => {
          if (repeatable && STALE.has(reasonOf(error))) return once(body, inner, repeatable);
          throw error;
        });
      } catch (error) {
        const reason = reasonOf(error);
        metrics.fetchErrors.inc({ subgraph, reason });
        span?.fail(reason);
        throw new NoAnswer(reason, error);
      } finally {
        stop();
        span?.end();
      }
    },
    close: () => pool.destroy(),
  };
}
