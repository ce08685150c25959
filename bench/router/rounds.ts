import { memoryMb } from '../system/proc.ts';
import type { Contestant, Ground } from './contest.ts';
import type { Round, RoundResult } from './load/load.ts';
import type { Row, RowResult } from './results.ts';
import type { Workload } from './workloads.ts';

export interface Pace {
  readonly rounds: number;
  /** Seconds of a round with many connections, and with one. */
  readonly many: number;
  readonly single: number;
  readonly warmUp: number;
}

const MANY = 50;

/** Every workload with 50 connections and with one: the gateways take turns, so that what the machine does meanwhile hits all of them. */
export async function measure(
  ground: Ground,
  contestants: readonly Contestant[],
  workloads: readonly Workload[],
  pace: Pace,
): Promise<Row[]> {
  await ground.load.ask('prepare', { workloads, tokens: await ground.issuer.tokens(50) });
  const rows: Row[] = [];
  for (const workload of workloads)
    for (const connections of [MANY, 1]) {
      ground.say(`${workload.title}, ${connections === 1 ? 'one connection' : `${connections} connections`}`);
      rows.push(await row(ground, contestants, workload, connections, pace));
    }
  return rows;
}

async function row(ground: Ground, contestants: readonly Contestant[], workload: Workload, connections: number, pace: Pace): Promise<Row> {
  const results = new Map<string, RoundResult[]>();
  const failed = new Map<string, string>();
  const fetches = new Map<string, number>();

  async function turn({ gateway, url, program }: Contestant, seconds: number): Promise<RoundResult | undefined> {
    if (failed.has(gateway.name)) return undefined;
    ground.signal.throwIfAborted();
    const job: Round = { gateway: gateway.name, url, pid: program.pid, workload: workload.name, connections, seconds };
    const result = await ground.load.ask<RoundResult>('round', job);
    if (result.wrong === 0 && result.done > 0) return result;
    failed.set(gateway.name, program.ended() ? `it has ended: ${program.output()}` : `wrong answers: ${result.flaws[0] ?? 'none came'}`);
    return undefined;
  }

  for (const contestant of contestants) await turn(contestant, connections === 1 ? pace.single / 2 : pace.warmUp);
  for (let n = 0; n < pace.rounds; n++)
    for (const contestant of contestants) {
      await ground.subgraphs.ask('requests');
      const result = await turn(contestant, connections === 1 ? pace.single : pace.many);
      if (!result) continue;
      const { name } = contestant.gateway;
      results.set(name, [...(results.get(name) ?? []), result]);
      fetches.set(name, (await ground.subgraphs.ask<number>('requests')) / result.done);
    }

  const all: RowResult[] = [];
  for (const { gateway, program } of contestants) {
    const { name } = gateway;
    all.push({
      gateway: name,
      rounds: failed.has(name) ? [] : (results.get(name) ?? []),
      fetches: fetches.get(name) ?? 0,
      bytes: await ground.load.ask<number>('size', { gateway: name, workload: workload.name }),
      memoryMb: memoryMb(program.pid),
      ...(failed.has(name) ? { failed: failed.get(name) ?? '' } : {}),
    });
  }
  return { workload: workload.name, title: workload.title, connections, results: all };
}
