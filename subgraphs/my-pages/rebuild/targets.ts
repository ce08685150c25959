import type { EventDefinition } from '@madang/kernel/domain';
import { handlerOf } from '../adapters/feed.ts';
import { ofEveryView } from '../read-models/index.ts';
import { project, type Row, type View } from '../read-models/view.ts';

/** Where an event goes: a projection of one of the views, whichever view that is. */
export interface Target {
  readonly table: string;
  /** How the inbox names it. */
  readonly handler: string;
  readonly when: EventDefinition;
  /** Null for an event that is none of this view's. */
  readonly rowId: (data: unknown) => string | null;
  /** The row after the event; null when it stays as it was. */
  readonly apply: (row: Row | null, data: unknown) => Row | null;
}

const targetsOf = <R extends Row, Shown extends { readonly status: string }>(view: View<R, Shown>): Target[] =>
  view.projections.map((projection) => ({
    table: view.table,
    handler: handlerOf(view.table, projection.when),
    when: projection.when,
    rowId: (data) => projection.rowId(data as never),
    apply: (row, data) => project(view, projection, row as R | null, data as never)?.row ?? null,
  }));

/** Every projection of every view. */
export const TARGETS: readonly Target[] = ofEveryView(targetsOf);

/** The tables of all views. */
export const TABLES: readonly string[] = [...new Set(TARGETS.map(({ table }) => table))];

/** The contexts whose streams feed the views. */
export const SOURCES: readonly string[] = [...new Set(TARGETS.map(({ when }) => when.context))];
