import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Pool } from 'undici';
import { until } from '../../testing/ask.ts';
import { shop } from '../../testing/shop.ts';
import { Random } from '../random.ts';
import { askMutated, sendBroken } from './over-http.ts';
import { speakMutated } from './over-socket.ts';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

export interface RequestFuzzOptions {
  /** Requests and messages, about. */
  readonly count: number;
  readonly seed: string;
  /** Cases at a time. */
  readonly atOnce?: number;
  /** Milliseconds after which no more are begun. */
  readonly forMs?: number;
  /** Called now and then. */
  readonly progress?: (done: number) => void;
}

/** What must not be. `case` with the seed makes it again. */
export interface Finding {
  readonly case: number;
  readonly what: string;
}

export interface RequestFuzzReport {
  readonly requests: number;
  readonly messages: number;
  readonly findings: readonly Finding[];
  /** What is open in the router afterwards, by gauge, and at the subgraph. */
  readonly open: Readonly<Record<string, number>>;
  /** Bytes of the heap after the first tenth and at the end, both after a collection. */
  readonly heap: { readonly before: number; readonly after: number };
  /** Errors in the router's log. */
  readonly faults: readonly string[];
  readonly ms: number;
}

const MESSAGES = 6;

/** Sends a router mutated requests by HTTP and WebSocket, and looks at every answer and at what is left. */
export async function fuzzRequests({
  count,
  seed,
  atOnce = 16,
  forMs = 3_600_000,
  progress,
}: RequestFuzzOptions): Promise<RequestFuzzReport> {
  const world = await shop();
  const limits = { documents: 50, connections: 4, initTimeoutMs: 300, keepAliveMs: 300, upstreamIdleMs: 100, bodyBytes: 256 * 1024 };
  const door = { headersTimeoutMs: 300, requestTimeoutMs: 500, operationTimeoutMs: 2_000 };
  const router = await world.router({ ...limits, streamHeartbeatMs: 200 }, undefined, { door });
  const port = Number(new URL(router.url).port);
  const pool = new Pool(new URL(router.url).origin, { connections: atOnce, pipelining: 1, headersTimeout: 20_000 });
  const findings: Finding[] = [];
  const faults: string[] = [];
  const startedAt = performance.now();
  let requests = 0;
  let messages = 0;
  let next = 0;
  const uncaught = (error: unknown) =>
    void findings.push({ case: next, what: `the process would have ended: ${(error as Error)?.stack ?? String(error)}` });
  process.on('uncaughtException', uncaught);
  process.on('unhandledRejection', uncaught);

  async function one(): Promise<void> {
    const number = next++;
    const random = new Random(`${seed}/${number}`);
    const way = random.integer(10);
    let what: string | undefined;
    if (way === 0) {
      requests++;
      what = await sendBroken(random, port);
    } else if (way <= 6) {
      requests++;
      what = await askMutated(random, pool);
    } else {
      messages += MESSAGES;
      what = await speakMutated(random, port, MESSAGES);
    }
    if (what) findings.push({ case: number, what });
  }

  const forget = (): void => {
    for (const line of world.lines.splice(0)) if (Number(line.level) >= 50) faults.push(JSON.stringify(line).slice(0, 2_000));
    for (const toy of [world.orders, world.books, world.customers]) toy.requests.length = 0;
    world.events.forget();
    world.subscribed.length = 0;
    for (const resolve of world.slow.splice(0)) resolve();
  };

  async function upTo(total: number): Promise<void> {
    const worker = async () => {
      while (requests + messages < total && performance.now() - startedAt < forMs) {
        await one();
        if (next % 500 === 0) {
          forget();
          progress?.(requests + messages);
        }
      }
    };
    const publishing = setInterval(() => world.events.publish({ orderId: '1', status: 'PAID', cursor: String(next) }), 20);
    await Promise.all(Array.from({ length: atOnce }, worker));
    clearInterval(publishing);
  }

  async function open(): Promise<Record<string, number>> {
    const text = await (await fetch(new URL('/metrics', router.url))).text();
    const found = [...text.matchAll(/^madang_router_(\w+_open)(?:\{[^}]*\})? (\d+)$/gm)].map(([, name, value]) => [name, Number(value)]);
    return { ...Object.fromEntries(found), at_subgraph: world.events.listeners, subgraph_sockets: world.orders.sockets() };
  }
  const used = (): number => {
    forget();
    for (let times = 0; times < 3; times++) gc();
    return process.memoryUsage().heapUsed;
  };
  const quiet = () => until(async () => Object.values(await open()).every((value) => value === 0)).catch(() => undefined);

  try {
    await upTo(count / 10);
    await quiet();
    const before = used();
    await upTo(count);
    await quiet();
    const left = await open();
    const heap = { before, after: used() };
    return { requests, messages, findings, open: left, heap, faults, ms: performance.now() - startedAt };
  } finally {
    process.off('uncaughtException', uncaught);
    process.off('unhandledRejection', uncaught);
    await pool.destroy();
    await world.close();
  }
}
