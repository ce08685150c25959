import { isDeepStrictEqual } from 'node:util';
import type { EventDefinition } from '@madang/kernel/domain';
import type { z } from 'zod';
import { MyPageChanged, type MyPageEvent, type MyPageView, REMOVED } from '../events.ts';

/** A row of a view: what has been heard so far, from whichever stream. */
export interface Row {
  readonly id: string;
  /** Guards the write; 0 for a row that is not there yet. */
  readonly version: number;
  readonly accountId: string;
  /** The time of the latest event that was heard. */
  readonly updatedAt: Date;
}

/** What every event that feeds a view tells. */
interface Told {
  readonly accountId: string;
  readonly at: string;
}

/** What one event changes of a row. Pure, and the same whether the events before it have been heard or not. */
export interface Projection<R extends Row> {
  readonly when: EventDefinition;
  /** Null for an event that is none of this view's. */
  readonly rowId: (data: never) => string | null;
  readonly change: (row: R, data: never, at: Date) => Partial<R>;
}

/** One question that the page answers. */
export interface View<R extends Row, Shown extends { readonly status: string }> {
  readonly name: MyPageView;
  /** The Prisma model that keeps its rows. */
  readonly table: string;
  /** A row of which nothing has been heard. */
  readonly blank: (row: Row) => R;
  readonly projections: readonly Projection<R>[];
  /** The row as its account sees it; null as long as it is not to be seen. */
  readonly shown: (row: R) => Shown | null;
}

/** Declares the projections of a view: `on(TextbookApplied, (data) => data.applicationId, (row, data, at) => ({ … }))`. */
export const projectionsOf =
  <R extends Row>() =>
  <Schema extends z.ZodType<Told>>(
    when: EventDefinition<string, Schema>,
    rowId: (data: z.infer<Schema>) => string | null,
    change: (row: R, data: z.infer<Schema>, at: Date) => Partial<R>,
  ): Projection<R> => ({ when, rowId, change });

/** The row after an event, and what its account is told of that; null when the row stays as it was. */
export function project<R extends Row, Shown extends { readonly status: string }>(
  view: View<R, Shown>,
  projection: Projection<R>,
  known: R | null,
  data: Told,
): { readonly row: R; readonly told: readonly MyPageEvent[] } | null {
  const id = projection.rowId(data as never);
  if (id === null) return null;
  const at = new Date(data.at);
  const before = known ?? view.blank({ id, version: 0, accountId: data.accountId, updatedAt: at });
  const row = { ...before, ...projection.change(before, data as never, at), updatedAt: later(before.updatedAt, at) };
  if (known !== null && isDeepStrictEqual(known, row)) return null;
  const was = view.shown(before);
  const is = view.shown(row);
  if (isDeepStrictEqual(was, is)) return { row, told: [] };
  return {
    row,
    told: [MyPageChanged({ accountId: row.accountId, view: view.name, rowId: id, status: is?.status ?? REMOVED, at: data.at })],
  };
}

const later = (a: Date, b: Date): Date => (a > b ? a : b);
