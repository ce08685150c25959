import { expect } from 'vitest';
import { unhandled } from './broker.ts';
import { CONTEXTS } from './databases.ts';
import type { System } from './system.ts';
import { eventually } from './until.ts';

/** Of effects that are to come later than that (a ticket that expires in thirty days), none is on its way. */
const LATER = '1 hour';

/** What is on its way in a context: events that are not published yet, effects that are not decided yet; and how far it has come. */
async function stateOf({ databases }: System) {
  const states = await Promise.all(
    CONTEXTS.map(async (context) => {
      const [row] = await databases.query<{ open: string; done: string }>(
        context,
        `SELECT (SELECT count(*) FROM kernel.outbox WHERE published_at IS NULL) + (SELECT count(*) FROM kernel.intent WHERE due_at < now() + interval '${LATER}') AS open,
          (SELECT count(*) FROM kernel.outbox) + (SELECT count(*) FROM kernel.inbox) AS done`,
      );
      return { context, open: Number(row?.open), done: Number(row?.done) };
    }),
  );
  return { open: states.filter(({ open }) => open > 0).map(({ context, open }) => `${context}: ${open}`), done: JSON.stringify(states) };
}

/** Waits until nothing is on its way any more: every effect decided, every event published and handled. */
export async function untilQuiet(system: System, withinMs = 30_000): Promise<void> {
  const broker = await system.broker();
  await eventually(
    async () => {
      const before = await stateOf(system);
      expect({ open: before.open, unhandled: await unhandled(broker) }).toEqual({ open: [], unhandled: 0 });
      expect((await stateOf(system)).done, 'something was still moving').toBe(before.done);
    },
    { withinMs, everyMs: 100 },
  );
}
