import { type Cause, type CausedChange, type Kernel, type Reaction, together } from '@madang/kernel/context';
import type { EventDefinition, Received } from '@madang/kernel/domain';
import { raw, saveRows, sql, VersionConflict } from '@madang/kernel/prisma';
import { type Projection, project, type Row, type View } from '../read-models/view.ts';

/** Other replicas write the same rows now and then; more often than that, the events are delivered again later. */
const TRIES = 8;

/** The name under which the inbox records that a view has taken an event in. */
export const handlerOf = (table: string, { eventName }: EventDefinition): string => `${table}/${eventName}`;

/** An event on its way into a row. */
interface Heard<R extends Row> {
  readonly id: string;
  readonly projection: Projection<R>;
  readonly event: Received<never>;
  readonly cause: Cause;
}

/**
 * Keeps a view's table. What has arrived while the last events were being written is one read and one guarded write, with a MyPageChanged
 * for each event that has changed what is seen.
 */
export function feed<R extends Row, Shown extends { readonly status: string }>(kernel: Kernel, view: View<R, Shown>): Reaction[] {
  const table = raw(`"${view.table}"`);

  async function load(all: readonly Heard<R>[]): Promise<Map<string, R>> {
    const ids = [...new Set(all.map(({ id }) => id))];
    const rows = await kernel.db.query<R>(sql`SELECT * FROM ${table} WHERE "id" = ANY(${ids})`);
    return new Map(rows.map((row) => [row.id, row]));
  }

  async function write(all: readonly Heard<R>[]): Promise<void> {
    const rows = await load(all);
    const written = new Set<string>();
    const changes: CausedChange[] = [];
    for (const { id, projection, event, cause } of all) {
      const next = project(view, projection, rows.get(id) ?? null, event.data);
      if (next === null) continue;
      rows.set(id, next.row);
      written.add(id);
      changes.push({ cause, events: next.told });
    }
    const [first, ...others] = changes;
    const writes = saveRows(
      view.table,
      [...rows.values()].filter(({ id }) => written.has(id)),
    );
    if (first) await kernel.commitAll([{ ...first, writes }, ...others]);
  }

  const tell = together(async (all: readonly Heard<R>[]) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await write(all);
      } catch (error) {
        if (!(error instanceof VersionConflict) || attempt === TRIES) throw error;
      }
    }
  });

  return view.projections.map((projection) => ({
    name: handlerOf(view.table, projection.when),
    when: projection.when,
    async handle(event, cause) {
      const id = projection.rowId(event.data);
      if (id !== null) await tell({ id, projection, event, cause });
    },
  }));
}
