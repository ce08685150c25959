import type { Cause, Kernel, Reaction } from '@madang/kernel/context';
import type { EventDefinition, Received } from '@madang/kernel/domain';
import { raw, saveRow, sql, VersionConflict } from '@madang/kernel/prisma';
import { type Projection, project, type Row, type View } from '../read-models/view.ts';

/** Streams that feed one row meet there now and then; more often than that, the event is delivered again later. */
const TRIES = 8;

/** The name under which the inbox records that a view has taken an event in. */
export const handlerOf = (table: string, { eventName }: EventDefinition): string => `${table}/${eventName}`;

/** Keeps a view's table: each event is one read and one guarded write, with MyPageChanged when the visible row has changed. */
export function feed<R extends Row, Shown extends { readonly status: string }>(kernel: Kernel, view: View<R, Shown>): Reaction[] {
  const table = raw(`"${view.table}"`);

  async function load(id: string): Promise<R | null> {
    const [row] = await kernel.db.query<R>(sql`SELECT * FROM ${table} WHERE "id" = ${id}`);
    return row ?? null;
  }

  async function tell(projection: Projection<R>, event: Received<never>, cause: Cause): Promise<void> {
    const id = projection.rowId(event.data);
    if (id === null) return;
    for (let attempt = 1; ; attempt++) {
      const next = project(view, projection, await load(id), event.data);
      if (next === null) return;
      const { version, ...row } = next.row;
      try {
        await kernel.commit(cause, { writes: [saveRow(view.table, row, version)], events: next.told });
        return;
      } catch (error) {
        if (!(error instanceof VersionConflict) || attempt === TRIES) throw error;
      }
    }
  }

  return view.projections.map((projection) => ({
    name: handlerOf(view.table, projection.when),
    when: projection.when,
    handle: (event, cause) => tell(projection, event, cause),
  }));
}
