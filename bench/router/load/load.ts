import { isDeepStrictEqual } from 'node:util';
import { Pool } from 'undici';
import { summary } from '../../report/statistics.ts';
import { cpuSeconds } from '../../system/proc.ts';
import { answering } from '../child.ts';
import { FRESH, type Workload } from '../workloads.ts';

export interface Round {
  /** A name for the gateway: what it has answered is remembered under it. */
  readonly gateway: string;
  readonly url: string;
  /** Whose CPU seconds count. */
  readonly pid: number;
  readonly workload: string;
  readonly connections: number;
  readonly seconds: number;
}

export interface RoundResult {
  readonly done: number;
  readonly wrong: number;
  /** The first wrong answers. */
  readonly flaws: readonly string[];
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly p50: number;
  readonly p99: number;
}

const workloads = new Map<string, Workload>();
let tokens: readonly string[] = [];
const pools = new Map<string, Pool>();
/** Answers that were compared with the truth, by gateway and request. */
const right = new Map<string, string>();
let names = 0;

function poolTo(url: string, connections: number): Pool {
  const key = `${url} ${connections}`;
  const pool = pools.get(key) ?? new Pool(new URL(url).origin, { connections, pipelining: 1 });
  pools.set(key, pool);
  return pool;
}

function send(pool: Pool, path: string, body: string, token: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const chunks: Buffer[] = [];
  let status = 0;
  const headers = ['content-type', 'application/json', 'accept', 'application/json', 'authorization', `Bearer ${token}`];
  pool.dispatch(
    { path, method: 'POST', headers, body },
    {
      onRequestStart() {},
      onResponseStart(_, code) {
        status = code;
      },
      onResponseData(_, chunk) {
        chunks.push(chunk);
      },
      onResponseEnd() {
        const text = (chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)).toString();
        if (status === 200) resolve(text);
        else reject(new Error(`status ${status}: ${text.slice(0, 300)}`));
      },
      onResponseError(_, error) {
        reject(error);
      },
    },
  );
  return promise;
}

/** What is wrong with an answer; the text of a right one is remembered, since comparing it is cheap. */
function flawOf(key: string, text: string, truth: string): string | undefined {
  if (right.get(key) === text) return undefined;
  const { data, errors } = JSON.parse(text) as { data: unknown; errors?: unknown };
  if (errors !== undefined) return `errors: ${JSON.stringify(errors).slice(0, 300)}`;
  if (!isDeepStrictEqual(data, (JSON.parse(truth) as { data: unknown }).data)) return `not what graphql-js answers: ${text.slice(0, 300)}`;
  right.set(key, text);
  return undefined;
}

async function round({ gateway, url, pid, workload, connections, seconds }: Round): Promise<RoundResult> {
  const { requests, fresh } = workloads.get(workload) as Workload;
  const pool = poolTo(url, connections);
  const { pathname } = new URL(url);
  const waits: number[] = [];
  const flaws: string[] = [];
  let wrong = 0;
  let next = Math.floor(Math.random() * requests.length);
  const began = performance.now();
  const end = began + seconds * 1_000;
  const cpu = cpuSeconds({ pid }).pid ?? 0;

  async function client(): Promise<void> {
    while (performance.now() < end) {
      const at = next++ % requests.length;
      const { body, truth } = requests[at] as Workload['requests'][number];
      const name = fresh ? `fresh${++names}` : '';
      const sent = performance.now();
      try {
        const text = await send(pool, pathname, fresh ? body.replaceAll(FRESH, name) : body, tokens[at % tokens.length] as string);
        waits.push(performance.now() - sent);
        const flaw = flawOf(`${gateway} ${workload} ${at}`, fresh ? text.replace(`"${name}"`, `"${FRESH}"`) : text, truth);
        if (flaw === undefined) continue;
        flaws.push(flaw);
      } catch (error) {
        flaws.push(String(error));
      }
      wrong += 1;
      // Otherwise a gateway that refuses everything is asked a hundred thousand times.
      if (wrong >= 100) return;
    }
  }

  await Promise.all(Array.from({ length: connections }, client));
  const { p50, p99 } = summary(waits);
  return {
    done: waits.length - wrong,
    wrong,
    flaws: flaws.slice(0, 3),
    seconds: (performance.now() - began) / 1_000,
    cpuSeconds: (cpuSeconds({ pid }).pid ?? 0) - cpu,
    p50,
    p99,
  };
}

answering({
  prepare: (given: { workloads: readonly Workload[]; tokens: readonly string[] }) => {
    for (const workload of given.workloads) workloads.set(workload.name, workload);
    tokens = given.tokens;
  },
  round,
  /** The bytes of an answer. */
  size: ({ gateway, workload }: Pick<Round, 'gateway' | 'workload'>) => right.get(`${gateway} ${workload} 0`)?.length ?? 0,
});
