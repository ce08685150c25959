import type { Person } from './system/people.ts';
import type { System } from './system/system.ts';

/** A line of the table: one thing that was measured. */
export interface Line {
  /** What was measured, with the conditions that the figure depends on. */
  readonly what: string;
  readonly result: string;
  /** p50/p99, or the least and the most over rounds or seconds. */
  readonly spread: string;
  /** Nothing when there is no aim. */
  readonly aim?: string;
  readonly met?: boolean;
  /** For `--json`: the figures behind the text; names carry the unit. */
  readonly numbers: Readonly<Record<string, number>>;
  /** Said below the table. */
  readonly notes?: readonly string[];
}

/** What all measures of a run share. */
export interface Bench {
  /** Short rounds, and no fresh clone: to see that it works, not how fast. */
  readonly quick: boolean;
  /** Aborted when the run is to end; whatever takes long listens to it. */
  readonly signal: AbortSignal;
  /** Where CPU profiles of loads go; absent: none are taken. */
  readonly profiles: string | undefined;
  /** Progress, for whoever waits. */
  say(line: string): void;
  /** The running platform, started when it is first asked for. */
  system(): Promise<System>;
  /** Signed-in customers who have a payment method and applications on their way; made when they are first asked for. */
  people(): Promise<readonly Person[]>;
  /** Stops the platform, so that it takes no CPU from what does not need it. */
  stopSystem(): Promise<void>;
  /** Ends with the run at the latest, however that ends; the last one first. */
  atEnd(undo: () => unknown): void;
  /** What loads have run against the platform so far. */
  readonly loads: string[];
}

/** One thing that `npm run bench` does. */
export interface Measure {
  /** For `--only`. */
  readonly name: string;
  /** Left out by `--quick`. */
  readonly slow?: boolean;
  /** @throws when what was answered or stored is wrong: a figure for wrong answers is worth nothing */
  run(bench: Bench): Promise<readonly Line[]>;
}
