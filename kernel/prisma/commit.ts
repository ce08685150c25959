import { uuidv7 } from 'uuidv7';
import type { DomainEvent, EventDefinition } from '../domain/index.ts';
import { join, raw, type Sql, sql, type Write } from './write.ts';

/** An effect outside of this database, stored before it is tried. */
export interface Intent {
  readonly kind: string;
  readonly key: string;
  readonly payload: unknown;
  /** Milliseconds from now until the sweep takes it up, should whoever stored it not finish it. */
  readonly dueInMs: number;
}

/** Where a change came from; carried into every row and message that follows from it. */
export interface Trail {
  readonly correlationId: string;
  readonly causationId?: string | undefined;
  readonly traceparent?: string | undefined;
}

/** All that one decision changes: written in one statement, or not at all. */
export interface Commit {
  readonly writes: readonly Write[];
  readonly events: readonly DomainEvent[];
  readonly trail: Trail;
  readonly now: Date;
  /** The event whose effect this is. */
  readonly inbox?: { readonly eventId: string; readonly handler: string } | undefined;
  readonly open?: readonly Intent[] | undefined;
  readonly close?: readonly Pick<Intent, 'kind' | 'key'>[] | undefined;
  readonly idempotency?: { readonly scope: string; readonly key: string; readonly inputHash: string; readonly result: string } | undefined;
}

/** Finds an event's declaration. @throws TypeError for an event that the context has not declared */
export type Declarations = (event: DomainEvent) => EventDefinition;

const published = ({ events }: Commit): DomainEvent[] => events.filter((event) => !event.unpublished);

/** Whether there are events for others. */
export const publishes = (commits: readonly Commit[]): boolean => commits.some((commit) => published(commit).length > 0);

function outboxRow(event: DomainEvent, { trail, now }: Commit, declared: Declarations) {
  const definition = declared(event);
  const key = definition.key(event.data);
  const { correlationId, causationId = null, traceparent = null } = trail;
  const subject = `${definition.subject}.${key}`;
  return { id: uuidv7(), type: definition.type, subject, key, data: event.data, time: now, correlationId, causationId, traceparent };
}

function outboxRows(commits: readonly Commit[], declared: Declarations): Sql {
  const rows = commits.flatMap((commit) => published(commit).map((event) => outboxRow(event, commit, declared)));
  const into = sql`INSERT INTO kernel.outbox (id, type, subject, key, data, time, correlation_id, causation_id, traceparent)`;
  const [row, ...more] = rows;
  // Nearly every commit has one event; plain values cost both sides a third less than lists.
  if (row && more.length === 0)
    return sql`${into} VALUES (${row.id}::uuid, ${row.type}, ${row.subject}, ${row.key}, ${JSON.stringify(row.data)}::json,
      ${row.time}::timestamptz, ${row.correlationId}, ${row.causationId}, ${row.traceparent})`;
  return sql`${into}
    SELECT id, type, subject, key, data, time, "correlationId", "causationId", traceparent FROM ROWS FROM (json_to_recordset(${JSON.stringify(rows)}::json)
      AS (id uuid, type text, subject text, key text, data json, time timestamptz, "correlationId" text, "causationId" text, traceparent text))
      WITH ORDINALITY AS e(id, type, subject, key, data, time, "correlationId", "causationId", traceparent, at) ORDER BY at`;
}

function inboxRows(handled: readonly { readonly eventId: string; readonly handler: string }[]): Sql {
  const into = sql`INSERT INTO kernel.inbox (event_id, handler)`;
  const [first, ...more] = handled;
  if (first && more.length === 0) return sql`${into} VALUES (${first.eventId}::uuid, ${first.handler})`;
  return sql`${into}
    SELECT * FROM unnest(${handled.map(({ eventId }) => eventId)}::uuid[], ${handled.map(({ handler }) => handler)}::text[])`;
}

const openIntent = ({ kind, key, payload, dueInMs }: Intent, { now, trail }: Commit): Sql =>
  sql`INSERT INTO kernel.intent (kind, key, payload, due_at, correlation_id)
    VALUES (${kind}, ${key}, ${JSON.stringify(payload)}::json, ${new Date(now.getTime() + dueInMs)}, ${trail.correlationId})
    ON CONFLICT (kind, key) DO NOTHING`;

/** The one statement that commits are: all of them are written, or none. */
export function statement(commits: readonly Commit[], declared: Declarations): Sql {
  const parts: { sql: Sql; expect: Write['expect'] }[] = commits.flatMap(({ writes }) => writes);
  const any = (part: Sql) => parts.push({ sql: part, expect: 'any' });
  if (publishes(commits)) any(outboxRows(commits, declared));
  const handled = commits.flatMap(({ inbox }) => inbox ?? []);
  if (handled.length > 0) any(inboxRows(handled));
  for (const commit of commits) {
    for (const intent of commit.open ?? []) any(openIntent(intent, commit));
    for (const { kind, key } of commit.close ?? []) any(sql`DELETE FROM kernel.intent WHERE kind = ${kind} AND key = ${key}`);
    if (commit.idempotency) {
      const { scope, key, inputHash, result } = commit.idempotency;
      any(sql`INSERT INTO kernel.idempotency (scope, key, input_hash, result) VALUES (${scope}, ${key}, ${inputHash}, ${result})`);
    }
  }
  const ctes = parts.map((part, at) => sql`${raw(`w${at}`)} AS (${part.sql} RETURNING 1)`);
  const checks = parts.flatMap(({ expect }, at) => {
    const touched = sql`(SELECT count(*) FROM ${raw(`w${at}`)})`;
    if (expect === 'any') return [];
    if (expect === 'one') return [sql`kernel.expect_one(${touched})`];
    return [sql`kernel.expect_one(1 + ${touched} - ${expect}::bigint)`];
  });
  return sql`WITH ${join(ctes)} SELECT ${checks.length > 0 ? join(checks) : sql`TRUE`}`;
}
