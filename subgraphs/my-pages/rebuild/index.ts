import { Broker } from '@madang/kernel/nats';
import { Database } from '@madang/kernel/prisma';
import { Building } from './building.ts';
import { type Lost, lostByInbox, lostByNumbers, tablesOf } from './lost.ts';
import { type Report, reportOf } from './report.ts';
import { type Session, Shadow } from './shadow.ts';
import { swap } from './swap.ts';
import { TABLES } from './targets.ts';

export { differences, type Report } from './report.ts';

type Options = ConstructorParameters<typeof Database>[0];

export interface RebuildOptions {
  /** Of the context's own database. */
  readonly databaseUrl: string;
  readonly natsUrl: string;
  readonly natsPrefix?: string;
  readonly log: Options['log'];
  /** Told now and then how many events have been read. */
  readonly progress?: (read: number) => void;
  /** Ends it: nothing has happened then. */
  readonly signal?: AbortSignal;
}

const CONTEXT = 'my-pages';
/** Advisory locks count per database; another one than the relay's. */
const LOCK = 0x72_65_62_75;
/** When a pass over all streams brings no more than this, the rest is read while the tables are locked. */
const FEW = 500;
const PASSES = 100;

/**
 * Rebuilds all views from the first event of every stream, while the context runs: the same rows as somebody who had read the streams up to
 * where the context is. Queries are answered throughout. Nobody is told of what changes.
 * @throws Error that says why it could not be; the rows that are shown are then as they were
 */
export async function rebuild({ log, progress = () => {}, signal = new AbortController().signal, ...at }: RebuildOptions): Promise<Report> {
  const db = new Database({ url: at.databaseUrl, poolSize: 1, applicationName: 'madang rebuild', log });
  const session = db.client();
  let broker: Broker | undefined;
  try {
    await session.connect();
    const { rows } = await session.query<{ held: boolean; now: Date }>(
      'SELECT pg_try_advisory_lock($1) AS held, clock_timestamp() AS now',
      [LOCK],
    );
    const [begun] = rows;
    if (!begun?.held) throw new Error('my-pages is being rebuilt already');
    broker = await Broker.open(
      { url: at.natsUrl, prefix: at.natsPrefix ?? '', name: 'madang rebuild', log },
      AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
    );
    return await rebuilt(broker, session, { since: begun.now, progress, signal });
  } finally {
    await broker?.close();
    await session.end().catch(() => {});
    await db.close();
  }
}

interface Run {
  readonly since: Date;
  readonly progress: (read: number) => void;
  readonly signal: AbortSignal;
}

async function rebuilt(broker: Broker, session: Session, { since, progress, signal }: Run): Promise<Report> {
  const shadow = new Shadow(session);
  let lost: Lost = await lostByNumbers(broker);
  try {
    for (;;) {
      await shadow.create(TABLES, tablesOf(lost));
      const building = new Building(broker, CONTEXT, session, shadow, progress);
      try {
        await caughtUp(building, signal);
        const also = await lostByInbox(session, since);
        if ([...also.keys()].every((source) => lost.has(source))) {
          const swapped = await swap({ session, shadow, building, signal });
          return await reportOf(shadow, building, lost, swapped);
        }
        lost = new Map([...also, ...lost]);
      } finally {
        await building.close();
      }
    }
  } finally {
    await shadow.drop().catch(() => {});
  }
}

async function caughtUp(building: Building, signal: AbortSignal): Promise<void> {
  for (let passes = 0; passes < PASSES; passes++) if ((await building.pass(signal)) <= FEW) return;
  throw new Error('events arrive faster than they can be read: rebuild when less is going on');
}
