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

/** Whether it has events for others. */
export const publishes = ({ events }: Commit): boolean => events.some((event) => !event.unpublished);

function outboxRows(commit: Commit, declared: Declarations): Sql {
  const published = commit.events.filter((event) => !event.unpublished);
  const rows = published.map((event) => ({ event, definition: declared(event), id: uuidv7() }));
  const { correlationId, causationId = null, traceparent = null } = commit.trail;
  const keys = rows.map(({ event, definition }) => definition.key(event.data));
  const into = sql`INSERT INTO kernel.outbox (id, type, subject, key, data, time, correlation_id, causation_id, traceparent)`;
  const [first, ...more] = rows;
  // Nearly every commit has one event; plain values cost both sides a third less than arrays.
  if (first && more.length === 0) {
    const { id, event, definition } = first;
    const subject = `${definition.subject}.${keys[0]}`;
    return sql`${into} VALUES (${id}::uuid, ${definition.type}, ${subject}, ${keys[0]}, ${JSON.stringify(event.data)}::json,
      ${commit.now}::timestamptz, ${correlationId}, ${causationId}, ${traceparent})`;
  }
  return sql`${into}
    SELECT id, type, subject, key, data::json, ${commit.now}::timestamptz, ${correlationId}::text, ${causationId}::text, ${traceparent}::text
    FROM unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ definition }) => definition.type)}::text[],
      ${rows.map(({ definition }, at) => `${definition.subject}.${keys[at]}`)}::text[], ${keys}::text[],
      ${rows.map(({ event }) => JSON.stringify(event.data))}::text[]) WITH ORDINALITY AS e(id, type, subject, key, data, at) ORDER BY at`;
}

const openIntent = ({ kind, key, payload, dueInMs }: Intent, { now, trail }: Commit): Sql =>
  sql`INSERT INTO kernel.intent (kind, key, payload, due_at, correlation_id)
    VALUES (${kind}, ${key}, ${JSON.stringify(payload)}::json, ${new Date(now.getTime() + dueInMs)}, ${trail.correlationId})
    ON CONFLICT (kind, key) DO NOTHING`;

/** The one statement that a commit is. */
export function statement(commit: Commit, declared: Declarations): Sql {
  const parts: { sql: Sql; expect: Write['expect'] }[] = [...commit.writes];
  const any = (part: Sql) => parts.push({ sql: part, expect: 'any' });
  if (publishes(commit)) any(outboxRows(commit, declared));
  if (commit.inbox) any(sql`INSERT INTO kernel.inbox (event_id, handler) VALUES (${commit.inbox.eventId}::uuid, ${commit.inbox.handler})`);
  for (const intent of commit.open ?? []) any(openIntent(intent, commit));
  for (const { kind, key } of commit.close ?? []) any(sql`DELETE FROM kernel.intent WHERE kind = ${kind} AND key = ${key}`);
  if (commit.idempotency) {
    const { scope, key, inputHash, result } = commit.idempotency;
    any(sql`INSERT INTO kernel.idempotency (scope, key, input_hash, result) VALUES (${scope}, ${key}, ${inputHash}, ${result})`);
  }
  const ctes = parts.map((part, at) => sql`${raw(`w${at}`)} AS (${part.sql} RETURNING 1)`);
  const checks = parts.flatMap((part, at) =>
    part.expect === 'one' ? [sql`kernel.expect_one((SELECT count(*) FROM ${raw(`w${at}`)}))`] : [],
  );
  return sql`WITH ${join(ctes)} SELECT ${checks.length > 0 ? join(checks) : sql`TRUE`}`;
}
