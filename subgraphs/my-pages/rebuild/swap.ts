import type { Building } from './building.ts';
import type { Changes, Session, Shadow } from './shadow.ts';
import { TABLES } from './targets.ts';

/** Rows that are swapped in one transaction: the running context's writes wait meanwhile, and hold connections that queries need. */
const MOST_ROWS = 10_000;
const LOCK_TRIES = 30;
const WITHIN_MS = 4_000;

export interface Swap {
  readonly session: Session;
  readonly shadow: Shadow;
  readonly building: Building;
  readonly signal: AbortSignal;
}

/** The changes by table, and the longest time that writes had to wait, ms. */
export interface Swapped {
  readonly changes: ReadonlyMap<string, Changes>;
  readonly lockedMs: number;
}

/**
 * Makes the rows that are shown those of the shadow. Not by renaming tables, which would make the running context's prepared statements fail,
 * but by writing the rows that differ. They are compared before; with the tables locked against writes (queries go on) only what has moved
 * since is read and looked at again. One transaction, unless many thousand rows differ.
 */
export async function swap({ session, shadow, building, signal }: Swap): Promise<Swapped> {
  const changes = new Map<string, Changes>(TABLES.map((table) => [table, { added: 0, changed: 0, removed: 0 }]));
  const doubtful = await building.compare();
  let lockedMs = 0;

  async function round(): Promise<void> {
    await building.pass(signal);
    await lock(session, signal);
    const begun = performance.now();
    try {
      await building.complete(AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)]));
      let left = MOST_ROWS;
      for (const [table, ids] of doubtful) {
        const some = [...ids.values().take(left)];
        left -= some.length;
        changes.set(table, sum(changes.get(table), await shadow.swap(table, some)));
        for (const id of some) ids.delete(id);
      }
      signal.throwIfAborted();
      await session.query('COMMIT');
    } catch (error) {
      await session.query('ROLLBACK').catch(() => {});
      throw error;
    }
    lockedMs = Math.max(lockedMs, performance.now() - begun);
  }

  const swapAll = async () => {
    do await round();
    while (doubtful.values().some(({ size }) => size > 0));
  };
  await swapAll();
  if ([...changes.values()].every(({ added, changed, removed }) => added + changed + removed === 0)) return { changes, lockedMs };
  // An event that changed nothing of a wrong row just before it was put right would be missing in the right one.
  await building.settle(signal);
  await swapAll();
  return { changes, lockedMs };
}

/** Begins a transaction in which nobody else writes the tables. */
async function lock(session: Session, signal: AbortSignal): Promise<void> {
  for (let tries = 1; ; tries++) {
    signal.throwIfAborted();
    await session.query('BEGIN');
    try {
      await session.query("SET LOCAL lock_timeout = '2s'");
      await session.query(`LOCK TABLE ${TABLES.map((table) => `public."${table}"`).join(', ')} IN SHARE ROW EXCLUSIVE MODE`);
      return;
    } catch (error) {
      await session.query('ROLLBACK');
      if (tries === LOCK_TRIES) throw new Error('the tables are locked by somebody else', { cause: error });
    }
  }
}

const sum = (a: Changes | undefined, b: Changes): Changes =>
  a ? { added: a.added + b.added, changed: a.changed + b.changed, removed: a.removed + b.removed } : b;
