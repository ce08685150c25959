import { runningContext } from '@madang/kernel/testing/context';
import { uuidv7 } from 'uuidv7';
import type { MyPageEvent } from '../events.ts';
import { myPages } from '../subgraph.ts';
import type { Happening } from './stories.ts';

/** The context; the test plays the other contexts. */
export async function runningMyPages() {
  const { askWhole: ask, watch, replica, publish, published, rows, rest, close, env, broker } = await runningContext(myPages);
  const before = new Map<string, string[]>();

  return {
    ask,
    watch,
    replica,
    rest,
    close,
    env,
    broker,
    /** Asks the database. */
    sql: rows,
    /** Publishes what happened as its context would, `times` over. */
    async publish({ definition, data }: Happening, times = 1): Promise<void> {
      const id = uuidv7();
      const lane = `${definition.context}/${definition.key(data as never)}`;
      const after = before.get(lane) ?? [];
      before.set(lane, [`${definition.eventName}/${id}`, ...after].slice(0, 8));
      await publish(definition, data, times, { id, after, time: new Date(data.at) });
    },
    /** What this context has told, in order. */
    told: async () => (await published<MyPageEvent['data']>()).map(({ data }) => data),
    rows: <Row extends object>(table: string) => rows<Row & Record<string, unknown>>(`SELECT * FROM "${table}"`),
  };
}

export type RunningMyPages = Awaited<ReturnType<typeof runningMyPages>>;
