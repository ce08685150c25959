import { createHash } from 'node:crypto';
import { type DomainEvent, fold, notFound, Refused } from '../domain/index.ts';
import { inSpan, type Span, type Tracer, within } from '../observability/index.ts';
import { type Commit, type Database, type Declarations, IdempotencyRace, sql, VersionConflict } from '../prisma/index.ts';
import type { Alongside, Cause, CausedChange, Change, Clock, Execution, Outcome } from './definition.ts';

/** Tries before a conflict is given up: only a row that everybody writes comes near it. */
const TRIES = 12;

export interface Executor {
  readonly db: Database;
  readonly clock: Clock;
  readonly declared: Declarations;
  readonly tracer?: Tracer | undefined;
}

/** Same input, same hash: keys sorted, `undefined` left out. */
export function inputHash(input: unknown): string {
  const canonical = JSON.stringify(input, (_, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash('sha256')
    .update(canonical ?? '')
    .digest('base64url');
}

const trailOf = ({ correlationId, causationId, traceparent }: Cause) => ({ correlationId, causationId, traceparent });

async function replay<State, Input, Event extends DomainEvent>(
  { db }: Executor,
  { idempotency, store }: Execution<State, Input, Event>,
): Promise<Outcome<State, Event> | null> {
  if (!idempotency?.key) return null;
  const [row] = await db.query<{ input_hash: string; result: string }>(
    sql`SELECT input_hash, result FROM kernel.idempotency WHERE scope = ${idempotency.scope} AND key = ${idempotency.key}`,
  );
  if (!row) return null;
  if (row.input_hash !== inputHash(idempotency.input))
    throw new Refused('IDEMPOTENCY_CONFLICT', 'This idempotency key was used for another input.', { field: 'idempotencyKey' });
  const loaded = await store.load(row.result);
  return loaded && { ...loaded, events: [], replayed: true };
}

const pause = (attempt: number) => new Promise((next) => setTimeout(next, Math.random() * Math.min(100, 2 ** attempt)));

/** See `Kernel.execute`. The events' traceparent is that of the command's span. */
export function execute<State, Input, Event extends DomainEvent>(
  executor: Executor,
  execution: Execution<State, Input, Event>,
): Promise<Outcome<State, Event>> {
  const { aggregate, cause, decide } = execution;
  const attributes = { 'madang.aggregate': aggregate.name, 'madang.command': decide.name, 'madang.actor': cause.actor.kind };
  return inSpan(executor.tracer, `execute ${aggregate.name}`, { parent: cause.traceparent, attributes }, async (span) => {
    const outcome = await decideAndSave(executor, span ? { ...execution, cause: within(cause, span) } : execution, span);
    span?.set({
      'madang.events': outcome.events.map(({ name }) => name).join(','),
      'madang.outcome': outcome.replayed ? 'replayed' : 'done',
    });
    return outcome;
  });
}

async function decideAndSave<State, Input, Event extends DomainEvent>(
  executor: Executor,
  execution: Execution<State, Input, Event>,
  span: Span | undefined,
): Promise<Outcome<State, Event>> {
  const { aggregate, store, key, input, decide, cause, known, alongside, idempotency } = execution;
  for (let attempt = 1; ; attempt++) {
    // Whether its key was used before tells the first commit: it then fails by that key.
    const replayed = attempt === 1 ? null : await replay(executor, execution);
    if (replayed) return replayed;
    const loaded = attempt === 1 && known !== undefined ? known : await store.load(key);
    const now = executor.clock.now();
    let events: Event[];
    try {
      events = decide(loaded?.state ?? null, input, { now, actor: cause.actor });
    } catch (refusal) {
      // What stands in the way may be what this very request has just created, asked for twice at once.
      const created = await replay(executor, execution);
      if (created) return created;
      throw refusal;
    }
    const state = fold(aggregate, loaded?.state ?? null, events);
    if (state === null) throw notFound(`The ${aggregate.name}`);
    const extra: Alongside = alongside?.(state, events) ?? {};
    const saves = events.length > 0 ? [store.save(state, loaded?.version ?? 0)].flat() : [];
    const change: Commit = {
      writes: [...saves, ...(extra.writes ?? [])],
      events,
      trail: trailOf(cause),
      now,
      inbox: unused(cause),
      open: extra.open,
      close: extra.close,
      idempotency: idempotency?.key
        ? { scope: idempotency.scope, key: idempotency.key, inputHash: inputHash(idempotency.input), result: key }
        : undefined,
    };
    try {
      await save(executor, [change]);
      return { state, version: (loaded?.version ?? 0) + (saves.length > 0 ? 1 : 0), events, replayed: false };
    } catch (error) {
      if (!(error instanceof VersionConflict || error instanceof IdempotencyRace) || attempt === TRIES) throw error;
      span?.event('conflict', { 'madang.attempt': attempt });
      await pause(attempt);
    }
  }
}

/** See `Kernel.commit`. */
export const commit = (executor: Executor, cause: Cause, change: Change): Promise<void> => commitAll(executor, [{ cause, ...change }]);

/** See `Kernel.commitAll`. */
export async function commitAll(executor: Executor, changes: readonly CausedChange[]): Promise<void> {
  const now = executor.clock.now();
  const commits = changes.map(
    ({ cause, events = [], writes = [], open, close }): Commit => ({
      writes,
      events,
      trail: trailOf(cause),
      now,
      inbox: unused(cause),
      open,
      close,
    }),
  );
  await save(executor, commits);
}

/** Inboxes whose row is written: what the same reaction commits afterwards goes without. */
const used = new WeakSet<object>();
/** The inbox row that a cause still owes: nothing was committed for it. */
export const unused = ({ inbox }: Cause) => (inbox && !used.has(inbox) ? inbox : undefined);

async function save({ db, declared }: Executor, commits: readonly Commit[]): Promise<void> {
  if (!commits.some(isChange)) return;
  await db.commitAll(commits, declared);
  for (const { inbox } of commits) if (inbox) used.add(inbox);
}

/** An inbox row alone is none: see `Settled`. */
const isChange = ({ writes, events, open, close, idempotency }: Commit): boolean =>
  writes.length + events.length + (open?.length ?? 0) + (close?.length ?? 0) > 0 || idempotency !== undefined;
