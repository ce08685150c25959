import { AckPolicy, DeliverPolicy } from '@nats-io/jetstream';
import { type Database, sql } from '../prisma/index.ts';
import type { Broker } from './broker.ts';
import { encode, type OutboxRow } from './wire.ts';

/** Ids of the events that the stream holds since then. */
async function held(broker: Broker, stream: string, since: Date): Promise<Set<string>> {
  const jsm = await broker.manager();
  const ids = new Set<string>();
  const { name, num_pending } = await jsm.consumers.add(stream, {
    ack_policy: AckPolicy.None,
    deliver_policy: DeliverPolicy.StartTime,
    opt_start_time: since.toISOString(),
    headers_only: true,
    inactive_threshold: 30_000_000_000,
  });
  const consumer = await broker.js.consumers.get(stream, name);
  while (ids.size < num_pending) {
    const batch = await consumer.fetch({ max_messages: Math.min(1_000, num_pending - ids.size), expires: 5_000 });
    let got = 0;
    for await (const message of batch) {
      got++;
      ids.add(message.headers?.get('ce-id') ?? String(message.seq));
    }
    if (got === 0) break;
  }
  await jsm.consumers.delete(stream, name);
  return ids;
}

/**
 * Fills a stream that has lost events from the outbox: publishes every event since then that the stream does not hold, in order, under its
 * own id, so that consumers ignore what they have.
 * @returns how many the outbox has since then, and how many of them were published now
 */
export async function refill(
  db: Database,
  broker: Broker,
  context: string,
  since: Date,
  progress: (published: number, seen: number) => void = () => {},
): Promise<{ seen: number; published: number }> {
  const stream = await broker.ensureStream(context);
  const known = await held(broker, stream, since);
  const run = Date.now();
  let seq = '0';
  let seen = 0;
  let published = 0;
  for (;;) {
    const rows = await db.query<OutboxRow & Record<string, unknown>>(sql`
      SELECT o.seq, o.id, o.type, o.subject, o.key, o.time, o.data::text AS data, o.correlation_id, o.causation_id, o.traceparent, NULL::text[] AS after
      FROM kernel.outbox o WHERE o.seq > ${seq} AND o.time >= ${since} AND o.published_at IS NOT NULL ORDER BY o.seq LIMIT 500`);
    const last = rows.at(-1);
    if (!last) return { seen, published };
    const missing = rows.filter((row) => !known.has(row.id));
    await Promise.all(
      missing.map((row) => {
        const headers = encode(row);
        // The broker remembers the ids of some minutes, also of messages that it lost: it would drop the event as a duplicate.
        headers.set('Nats-Msg-Id', `refill/${run}/${row.id}`);
        return broker.js.publish(broker.names.subject(row.subject), row.data, { headers, timeout: 5_000 });
      }),
    );
    seen += rows.length;
    published += missing.length;
    seq = last.seq;
    progress(published, seen);
  }
}
