import { hostname } from 'node:os';
import type { Broker } from '@madang/kernel/nats';
import { NoRespondersError } from '@nats-io/transport-node';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Editions } from './edition.ts';

/** Routers that share a nats-server are asked here what they work with. */
const QUESTION = 'router.supergraph';

const origin = { source: z.enum(['given', 'file', 'kv', 'kept']), version: z.string(), revision: z.number().optional() };

const standing = z.object({
  router: z.string(),
  /** Where it looks for another one. */
  follows: z.enum(['file', 'kv']),
  ...origin,
  loadedAt: z.string(),
  refused: z.object({ ...origin, refusedAt: z.string(), problems: z.array(z.string()).readonly() }).optional(),
});

/** What a router says of itself. */
export type Standing = z.infer<typeof standing>;

export interface AnnounceOptions {
  readonly broker: Promise<Broker>;
  /** The router's address, by which it can be told from others. */
  readonly url: string;
  readonly follows: Standing['follows'];
  readonly current: () => Editions;
  readonly log: Logger;
}

/** Answers who asks which supergraph this router works with; the function returned ends that. */
export function announce({ broker, url, follows, current, log }: AnnounceOptions): () => void {
  let stop: (() => void) | undefined;
  let stopped = false;
  broker
    .then(({ connection, names }) => {
      if (stopped) return;
      const questions = connection.subscribe(names.subject(QUESTION), {
        callback: (error, question) => {
          if (!error)
            question.respond(JSON.stringify({ router: `${hostname()}:${new URL(url).port}`, follows, ...current() } satisfies Standing));
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
  const all: Standing[] = [];
  try {
    for await (const answer of await connection.requestMany(names.subject(QUESTION), '', { strategy: 'timer', maxWait: withinMs })) {
      const read = standing.safeParse(answer.json());
      if (read.success) all.push(read.data);
    }
  } catch (error) {
    if (!(error instanceof NoRespondersError)) throw error;
  }
  return all.toSorted((a, b) => (a.router < b.router ? -1 : 1));
}
