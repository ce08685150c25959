import { randomUUID } from 'node:crypto';
import type { Broker } from '@madang/kernel/nats';
import type { Logger } from 'pino';

const SUBJECT = 'router.let-in';
/** Keys in one message: a key has 50 bytes or so, a message may have a megabyte. */
const KEYS = 5_000;

export interface SharedGrantsOptions {
  readonly broker: Promise<Broker> | undefined;
  /** Milliseconds for which grants are added up before they are told. */
  readonly everyMs: number;
  /** Another router let so many in. */
  readonly taken: (key: string, count: number) => void;
  readonly log: Logger;
}

/** What one router tells the others. */
interface Told {
  readonly from: string;
  readonly letIn: readonly (readonly [key: string, count: number])[];
}

function toldIn(data: Uint8Array): Told | undefined {
  try {
    const { from, letIn } = JSON.parse(Buffer.from(data).toString()) as Partial<Told>;
    return typeof from === 'string' && Array.isArray(letIn) ? { from, letIn } : undefined;
  } catch {
    return undefined;
  }
}

/** Tells the other routers what this one has let in, and hears what they have. Nothing waits for it; without nats-server each router counts for itself. */
export function sharedGrants({ broker, everyMs, taken, log }: SharedGrantsOptions) {
  const own = randomUUID();
  let counts = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let reached: Broker | undefined;
  let stop = (): void => undefined;
  let closed = false;

  function tell(): void {
    timer = undefined;
    const letIn = [...counts];
    counts = new Map();
    // Otherwise the client would keep it for later.
    if (!reached?.connected) return;
    const subject = reached.names.subject(SUBJECT);
    for (let from = 0; from < letIn.length; from += KEYS)
      reached.connection.publish(subject, JSON.stringify({ from: own, letIn: letIn.slice(from, from + KEYS) } satisfies Told));
  }

  function hear(data: Uint8Array): void {
    const told = toldIn(data);
    if (!told || told.from === own) return;
    for (const [key, count] of told.letIn) if (typeof key === 'string' && count > 0) taken(key, Number(count));
  }

  broker
    ?.then((open) => {
      if (closed) return;
      reached = open;
      const listening = open.connection.subscribe(open.names.subject(SUBJECT), {
        callback(error, message) {
          if (!error) hear(message.data);
        },
      });
      stop = () => listening.unsubscribe();
    })
    .catch((error: unknown) => log.warn({ err: error }, 'rates are counted by each router for itself'));

  return {
    granted(key: string): void {
      if (broker === undefined) return;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      timer ??= setTimeout(tell, everyMs).unref();
    },
    close(): void {
      closed = true;
      clearTimeout(timer);
      if (reached?.connected) stop();
    },
  };
}
