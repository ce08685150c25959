import { Gauge, type Registry } from 'prom-client';
import { sharedRead } from '../observability/index.ts';
import { type Database, sql } from '../prisma/index.ts';

type Row = { kind: string; count: string; age: string };

/** The gauges of what is stored but not decided yet: how many of each kind, and how old the oldest is. `kinds` are told also when there are none. */
export function openIntents(db: Database, registry: Registry, kinds: readonly string[]): void {
  const read = sharedRead(() =>
    db
      .query<Row>(sql`SELECT kind, count(*), extract(epoch FROM now() - min(created_at)) AS age FROM kernel.intent GROUP BY kind`)
      .catch(() => null),
  );
  const gauge = (name: string, help: string, of: (row: Row) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['kind'],
      registers: [registry],
      async collect() {
        const rows = await read();
        if (!rows) return;
        this.reset();
        for (const kind of kinds) this.set({ kind }, 0);
        for (const row of rows) this.set({ kind: row.kind }, of(row));
      },
    });
  gauge('madang_intents_open', 'Effects that are stored but not decided yet', ({ count }) => Number(count));
  gauge('madang_intents_oldest_age_seconds', 'Age of the oldest effect that is not decided yet; 0 when there is none', ({ age }) =>
    Math.max(0, Number(age)),
  );
}
