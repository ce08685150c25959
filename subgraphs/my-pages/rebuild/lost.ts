import { type Broker, extentOf } from '@madang/kernel/nats';
import type { Session } from './shadow.ts';
import { SOURCES, TARGETS } from './targets.ts';

/** The streams that have lost events, with what is known of it. */
export type Lost = ReadonlyMap<string, string>;

/** What the numbers of the messages tell: streams are kept for good, so that they begin with 1 and have no gaps. */
export async function lostByNumbers(broker: Broker): Promise<Lost> {
  const lost = new Map<string, string>();
  for (const source of SOURCES) {
    const { last, messages } = await extentOf(broker, source);
    if (messages < last) lost.set(source, `${last - messages} of its ${last} events are gone`);
  }
  return lost;
}

/** What the inbox tells: events that were handled here before the rebuild began, and that no stream holds any more. */
export async function lostByInbox(session: Session, before: Date): Promise<Lost> {
  const { rows } = await session.query<{ handler: string; count: number }>(
    `SELECT inbox.handler, count(*)::int AS count FROM kernel.inbox LEFT JOIN rebuilding.heard USING (event_id)
     WHERE heard.event_id IS NULL AND inbox.handler = ANY($1) AND inbox.at < $2 GROUP BY inbox.handler`,
    [TARGETS.map(({ handler }) => handler), before],
  );
  const most = new Map<string, number>();
  for (const { handler, count } of rows) {
    const source = TARGETS.find((target) => target.handler === handler)?.when.context ?? '';
    most.set(source, Math.max(most.get(source) ?? 0, count));
  }
  return new Map([...most].map(([source, count]) => [source, `at least ${count} events that were handled here are not in it`]));
}

/** The tables whose rows cannot all be derived any more. */
export const tablesOf = (lost: Lost): ReadonlySet<string> =>
  new Set(TARGETS.filter(({ when }) => lost.has(when.context)).map(({ table }) => table));
