import { summary } from '../report/statistics.ts';
import type { RoundResult } from './load/load.ts';

/** A workload at a number of connections, by all gateways. */
export interface Row {
  readonly workload: string;
  readonly title: string;
  readonly connections: number;
  readonly results: readonly RowResult[];
}

export interface RowResult {
  readonly gateway: string;
  readonly rounds: readonly RoundResult[];
  /** Requests to subgraphs for each of a client's. */
  readonly fetches: number;
  /** Characters of an answer. */
  readonly bytes: number;
  /** Right after the last round. */
  readonly memoryMb: number;
  /** Why there are no rounds that count. */
  readonly failed?: string;
}

/** Subscribers of one event, by one gateway. */
export interface PushRow {
  readonly gateway: string;
  readonly clients: number;
  readonly perSecond: number;
  /** Whether each client is an account of its own; otherwise nobody is signed in, and all have the same rights. */
  readonly accounts: boolean;
  readonly failed?: string;
  readonly result?: {
    readonly deliveredPerSecond: number;
    /** Of what was to be delivered, %. */
    readonly share: number;
    readonly p50: number;
    readonly p99: number;
    readonly kilobytesPerClient: number;
    /** Cores that the gateway kept busy. */
    readonly cores: number;
    /** Requests to subgraphs for each event. */
    readonly fetches: number;
    /** Subscriptions at the subgraph. */
    readonly upstream: number;
  };
}

/** One gateway in one row, medians of its rounds. */
export interface Figures {
  readonly perSecond: number;
  readonly perCpuSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Of `perCpuSecond`, over the rounds. */
  readonly least: number;
  readonly most: number;
}

const perCpuSecond = ({ done, cpuSeconds }: RoundResult): number => done / cpuSeconds;

/**
 * How many times as much as another gateway it does in a CPU second: the median over the rounds, each of which both had at nearly the same time. So it depends less on
 * the machine and the hour than two medians do. Undefined when nothing counts.
 */
export function timesOf({ rounds }: RowResult, other: RowResult | undefined): number | undefined {
  const both = Math.min(rounds.length, other?.rounds.length ?? 0);
  if (!other || both === 0) return undefined;
  return summary(rounds.slice(0, both).map((round, at) => perCpuSecond(round) / perCpuSecond(other.rounds[at] as RoundResult))).p50;
}

/** Undefined when nothing counts. */
export function figuresOf({ rounds }: RowResult): Figures | undefined {
  if (rounds.length === 0) return undefined;
  const median = (of: (round: RoundResult) => number) => summary(rounds.map(of)).p50;
  const perCpu = summary(rounds.map(perCpuSecond));
  return {
    perSecond: median((round) => round.done / round.seconds),
    perCpuSecond: perCpu.p50,
    p50: median((round) => round.p50),
    p99: median((round) => round.p99),
    least: perCpu.min,
    most: perCpu.max,
  };
}
