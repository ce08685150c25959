import { Gauge, type Registry } from 'prom-client';
import { sharedRead } from '../observability/index.ts';
import { type Database, sql } from '../prisma/index.ts';

type Row = { count: string; age: string };

/** The gauges of what is committed but not published yet: how many events, and how old the oldest is. */
export function outboxMetrics(db: Database, registry: Registry): void {
  const read = sharedRead(() =>
    db
      .query<Row>(
        sql`SELECT count(*), coalesce(extract(epoch FROM now() - min(time)), 0) AS age FROM kernel.outbox WHERE published_at IS NULL`,
      )
      .catch(() => []),
  );
  const gauge = (name: string, help: string, of: (row: Row) => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        const [row] = await read();
        if (row) this.set(of(row));
      },
    });
  gauge('madang_outbox_backlog', 'Events that are committed but not published yet', ({ count }) => Number(count));
  gauge('madang_outbox_oldest_age_seconds', 'Age of the oldest event that is not published yet; 0 when there is none', ({ age }) =>
    Math.max(0, Number(age)),
  );
}
