import { setTimeout as delay } from 'node:timers/promises';
import { type Summary, summary } from '../report/statistics.ts';
import { argumentOfThisChild } from '../system/child.ts';
import { Client } from '../system/client.ts';
import { apply } from './apply.ts';
import { exchange } from './exchange.ts';
import { deepPage, page } from './page.ts';
import { reserve } from './reserve.ts';
import { ride } from './ride.ts';
import type { Job, Kept, Scenario, Verdict } from './scenario.ts';

/** What came of it, within the time that was measured unless said otherwise. */
export interface LoadResult {
  readonly kind: 'result';
  readonly seconds: number;
  readonly done: number;
  readonly deferred: number;
  /** By code; `NETWORK` when there was no answer. */
  readonly refused: Readonly<Record<string, number>>;
  /** Answers to something else than was asked; the first few are told. */
  readonly wrong: number;
  readonly flaws: readonly string[];
  /** Done in each whole second. */
  readonly perSecond: readonly number[];
  /** Milliseconds that a client waited for what was done, and for what was deferred. */
  readonly latency: Summary;
  readonly deferredLatency: Summary;
  /** Every application that was answered, also those of the warm-up. */
  readonly kept: readonly Kept[];
}

const SCENARIOS: Readonly<Record<Job['scenario'], Scenario>> = { apply, page, 'deep-page': deepPage, reserve, ride, exchange };
const FLAWS_TOLD = 3;

const job = await argumentOfThisChild<Job>();
process.on('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
process.send?.(await run(job), () => process.exit(0));

async function run({ scenario, url, connections, warmUpMs, measureMs, ...data }: Job): Promise<LoadResult> {
  const next = SCENARIOS[scenario]({ scenario, url, connections, warmUpMs, measureMs, ...data });
  const client = new Client(url, connections);
  const begin = performance.now() + warmUpMs;
  const end = begin + measureMs;
  const waits: Record<'done' | 'deferred', number[]> = { done: [], deferred: [] };
  const perSecond = new Array<number>(Math.floor(measureMs / 1_000)).fill(0);
  const refused: Record<string, number> = {};
  const flaws: string[] = [];
  const kept: Kept[] = [];

  function count(verdict: Verdict, sentAt: number, now: number): void {
    if ('kept' in verdict && verdict.kept) kept.push(verdict.kept);
    // A wrong answer is one too many, whenever it came.
    if (verdict.kind === 'wrong') flaws.push(verdict.why);
    if (now < begin || now >= end) return;
    if (verdict.kind === 'refused') refused[verdict.code] = (refused[verdict.code] ?? 0) + 1;
    if (verdict.kind === 'done' || verdict.kind === 'deferred') waits[verdict.kind].push(now - sentAt);
    const second = Math.floor((now - begin) / 1_000);
    if (verdict.kind === 'done' && second < perSecond.length) perSecond[second] = (perSecond[second] ?? 0) + 1;
  }

  async function loop(at: number): Promise<void> {
    // Clients come one by one over half of the warm-up: nobody's hundred clients begin in the same millisecond.
    await delay((at / connections) * (warmUpMs / 2));
    while (performance.now() < end) {
      const { token, body, judge } = next(at);
      const sentAt = performance.now();
      const text = await client.send(body, token).catch(() => undefined);
      const now = performance.now();
      count(text === undefined ? { kind: 'refused', code: 'NETWORK' } : judge(JSON.parse(text)), sentAt, now);
    }
  }

  setTimeout(() => process.send?.({ kind: 'measuring' }), warmUpMs);
  setTimeout(() => process.send?.({ kind: 'measured' }), warmUpMs + measureMs);
  await Promise.all(Array.from({ length: connections }, (_, at) => loop(at)));
  await client.close();
  return {
    kind: 'result',
    seconds: measureMs / 1_000,
    done: waits.done.length,
    deferred: waits.deferred.length,
    refused,
    wrong: flaws.length,
    flaws: flaws.slice(0, FLAWS_TOLD),
    perSecond,
    latency: summary(waits.done),
    deferredLatency: summary(waits.deferred),
    kept,
  };
}
