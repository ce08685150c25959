import path from 'node:path';
import { Broker, type Handler, Reader, Relay } from '@madang/kernel/nats';
import { createLogger, createMetrics } from '@madang/kernel/observability';
import { type Commit, sql, write } from '@madang/kernel/prisma';
import { startNats } from '../../tools/servers/nats.ts';
import { startPostgres } from '../../tools/servers/postgres.ts';
import { temporaryFolder } from '../../tools/servers/temporary.ts';
import { argumentOfThisChild } from '../system/child.ts';
import { sideBySide } from '../system/until.ts';
import { openDatabases, type Sides, verify } from './databases.ts';
import { noteParcel, waves } from './events.ts';

export interface RelayJob {
  readonly rounds: number;
  /** Of each round. */
  readonly events: number;
}

export interface Relayed {
  readonly kind: 'relayed';
  /** From the first look into the outbox to the commit of the last effect, for each round. */
  readonly seconds: readonly number[];
}

const EVENTS_PER_COMMIT = 10;
const WRITERS = 8;
const log = createLogger({ name: 'bench', level: 'silent' });
const context = 'notes';
const declared = () => noteParcel.when;

const { rounds, events } = await argumentOfThisChild<RelayJob>();
process.on('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
const folder = temporaryFolder();
const postgres = await startPostgres({ dataDir: path.join(folder.path, 'postgres'), port: 0, fsync: true });
const nats = await startNats({ dataDir: path.join(folder.path, 'nats'), port: 0, syncAlways: true });
const sides = await openDatabases(postgres.url, log);
const broker = await Broker.open({ url: nats.url, name: 'bench', log });

const seconds: number[] = [];
// One round more than is counted: in the first one code is compiled and statements are prepared.
for (let round = 0; round <= rounds; round++) {
  await fill(sides);
  const took = await drain(sides);
  if (round > 0) seconds.push(took);
}
await verify(sides);
process.send?.({ kind: 'relayed', seconds } satisfies Relayed);

await broker.close();
await Promise.all([sides.source.close(), sides.target.close()]);
await nats.stop();
await postgres.stop();
process.exit(0);

function commitOf(change: Partial<Commit>): Commit {
  return { writes: [], events: [], trail: { correlationId: crypto.randomUUID() }, now: new Date(), ...change };
}

/** Writes a round's events as commands do: in commits, side by side, but those of a parcel one after another. */
async function fill({ source }: Sides): Promise<void> {
  for (const wave of waves(events)) {
    const batches = Array.from({ length: Math.ceil(wave.length / EVENTS_PER_COMMIT) }, (_, at) =>
      wave.slice(at * EVENTS_PER_COMMIT, (at + 1) * EVENTS_PER_COMMIT),
    );
    await sideBySide(batches, WRITERS, (batch) => source.commit(commitOf({ events: batch }), declared));
  }
}

/** Relays and consumes all of it; as in a context, the effect and the inbox row are one statement. */
async function drain({ source, target }: Sides): Promise<number> {
  const { promise: all, resolve } = Promise.withResolvers<void>();
  let left = events;
  const handler: Handler = {
    name: noteParcel.name,
    when: noteParcel.when,
    async handle(event) {
      const note = noteParcel.then(event as never);
      if (note === null) return;
      const insert = sql`INSERT INTO "Note" ("parcelId", "step", "eventId") VALUES (${note.parcelId}::uuid, ${note.step}, ${note.eventId}::uuid)`;
      await target.commit(commitOf({ writes: [write(insert)], inbox: { eventId: event.id, handler: noteParcel.name } }), declared);
      if (--left === 0) resolve();
    },
  };
  const parts = { broker, log, isOutage: () => false };
  const relay = new Relay({ ...parts, context: 'parcels', db: source, metrics: createMetrics({ context: 'parcels' }) });
  const reader = new Reader({ ...parts, context, db: target, handlers: [handler], metrics: createMetrics({ context }) });
  const begun = performance.now();
  reader.start();
  relay.start();
  await all;
  const took = (performance.now() - begun) / 1_000;
  await reader.stop();
  await relay.stop();
  return took;
}
