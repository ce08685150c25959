import { runningContext } from '@madang/kernel/testing/context';
import { uuidv7 } from 'uuidv7';
import type { MyPageEvent } from '../events.ts';
import type { Row, View } from '../read-models/view.ts';
import { myPages } from '../subgraph.ts';
import type { Happening } from './happenings.ts';

/** The context; the test plays the other contexts. */
export async function runningMyPages() {
  const { askWhole: ask, watch, replica, publish, published, rows, rest, close, env, broker } = await runningContext(myPages);
  const before = new Map<string, string[]>();

  /** Publishes what happened as its context would, `times` over. */
  async function publishOne({ definition, data }: Happening, times = 1): Promise<void> {
    const id = uuidv7();
    const lane = `${definition.context}/${definition.key(data as never)}`;
    const after = before.get(lane) ?? [];
    before.set(lane, [`${definition.eventName}/${id}`, ...after].slice(0, 8));
    await publish(definition, data, times, { id, after, time: new Date(data.at) });
  }

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
    publish: publishOne,
    /** Publishes all of it as the contexts would: side by side, each in its order. */
    async publishAll(happenings: readonly Happening[], times = 1): Promise<void> {
      const streams = Object.values(Object.groupBy(happenings, ({ definition }) => definition.context));
      await Promise.all(
        streams.map(async (stream) => {
          for (const happening of stream ?? []) await publishOne(happening, times);
        }),
      );
    },
    /** What this context has told, in order. */
    told: async () => (await published<MyPageEvent['data']>()).map(({ data }) => data),
    /** These rows of a view's table, as the events make them: without their versions. */
    async rowsOf<R extends Row, Shown extends { readonly status: string }>({ table }: View<R, Shown>, ids: readonly string[]) {
      const found = await rows<Row & Record<string, unknown>>(`SELECT * FROM "${table}" WHERE "id" = ANY($1)`, ids);
      const byId = new Map(found.map((row) => [row.id, { ...row, version: 0 }]));
      return ids.map((id) => byId.get(id));
    },
  };
}

export type RunningMyPages = Awaited<ReturnType<typeof runningMyPages>>;
