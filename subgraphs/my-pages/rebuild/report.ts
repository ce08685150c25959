import type { Building } from './building.ts';
import type { Lost } from './lost.ts';
import type { Changes, Shadow } from './shadow.ts';
import type { Swapped } from './swap.ts';
import { TABLES, TARGETS } from './targets.ts';

/** What a rebuild did. */
export interface Report {
  readonly streams: readonly {
    readonly context: string;
    /** How many messages were read, and how many of them are no valid events. */
    readonly events: number;
    readonly unreadable: number;
    /** Read, but left to the running context, which has not handled them yet. */
    readonly waiting: number;
    /** What the stream has lost, if it has. */
    readonly lost: string | undefined;
  }[];
  readonly tables: readonly ({
    readonly name: string;
    readonly rows: number;
    /** Rows that were left as they were, because no stream tells of them any more. */
    readonly kept: number;
    /** Whether one of its streams has lost events: its rows were completed, not made anew. */
    readonly incomplete: boolean;
  } & Changes)[];
  /** How long writes waited for the swap, ms. */
  readonly lockedMs: number;
}

export async function reportOf(shadow: Shadow, building: Building, lost: Lost, { changes, lockedMs }: Swapped): Promise<Report> {
  const tables = [];
  for (const name of TABLES) {
    const incomplete = TARGETS.some(({ table, when }) => table === name && lost.has(when.context));
    tables.push({ name, incomplete, ...(await shadow.count(name)), ...(changes.get(name) ?? { added: 0, changed: 0, removed: 0 }) });
  }
  const streams = building.sources.map(({ name: context, events, unreadable, waiting }) => ({
    context,
    events,
    unreadable,
    waiting: new Set(waiting.map(({ event }) => event.id)).size,
    lost: lost.get(context),
  }));
  return { streams, tables, lockedMs };
}

/** Whether the rows were the right ones before. */
export const differences = ({ tables }: Report): number =>
  tables.reduce((all, { added, changed, removed }) => all + added + changed + removed, 0);
