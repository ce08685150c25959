import { hostname } from 'node:os';
import type { Broker } from '@madang/kernel/nats';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Editions } from './edition.ts';

/** Routers that share a nats-server are asked here what they work with. */
const QUESTION = 'router.supergraph';

const origin = { source: z.enum(['given', 'file', 'kv', 'kept']), version: z.string(), revision: z.number().optional() };

const standing = z.object({
  router: z.string(),
  ...origin,
  loadedAt: z.string(),
  refused: z.object({ ...origin, refusedAt: z.string(), problems: z.array(z.string()) }).optional(),
});

/** What a router says of itself. */
export type Standing = z.infer<typeof standing>;

/** Answers who asks which supergraph this router works with. @param url its address, by which it can be told from others */
export function announce(broker: Promise<Broker>, url: string, current: () => Editions, log: Logger): () => void {
  let stop: (() => void) | undefined;
  let stopped = false;
  broker
    .then(({ connection, names }) => {
      if (stopped) return;
      const questions = connection.subscribe(names.subject(QUESTION), {
        callback: (error, question) => {
          if (!error) question.respond(JSON.stringify({ router: `${hostname()}:${new URL(url).port}`, ...current() }));
        },
      });
      stop = () => questions.unsubscribe();
    })
    .catch((error: unknown) => log.error({ err: error }, 'this router cannot be asked for its supergraph'));
  return () => {
    stopped = true;
    stop?.();
  };
}

/** What every router says that answers within a time. */
export async function standings({ connection, names }: Broker, withinMs: number): Promise<Standing[]> {
  const answers = await connection.requestMany(names.subject(QUESTION), '', { strategy: 'timer', maxWait: withinMs });
  const all: Standing[] = [];
  for await (const answer of answers) {
    const read = standing.safeParse(answer.json());
    if (read.success) all.push(read.data);
  }
  return all.toSorted((a, b) => (a.router < b.router ? -1 : 1));
}
