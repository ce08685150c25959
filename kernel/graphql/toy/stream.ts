import { type JsMsg, jetstream, type PubAck } from '@nats-io/jetstream';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { uuidv7 } from 'uuidv7';
import type { Received } from '../../domain/index.ts';
import { eventually } from '../../testing/eventually.ts';
import { managerOf } from '../stream-reader.ts';
import { type SubscriptionSource, type SubscriptionSourceOptions, subscriptionSource } from '../subscription-source.ts';

export interface Told {
  readonly n: number;
  readonly to: string;
}

/** The toys' event from its message. */
export function decodeToy(message: JsMsg): Received<Told> | null {
  const get = (name: string) => message.headers?.get(name) ?? '';
  const [, context = '', aggregate = '', name = '', key = ''] = message.subject.split('.');
  if (name === 'Noise') return null;
  return {
    id: get('ce-id'),
    name,
    version: 1,
    context,
    aggregate,
    key,
    time: new Date(get('ce-time')),
    data: message.json<Told>(),
    correlationId: get('ce-correlationid'),
    causationId: undefined,
    traceparent: undefined,
    sequence: message.seq,
  };
}

/** A context's stream with nothing but a broker behind it. */
export class ToyStream {
  readonly name: string;
  readonly connection: NatsConnection;
  readonly #prefix: string;

  private constructor(prefix: string, connection: NatsConnection) {
    this.#prefix = prefix;
    this.name = `${prefix.toUpperCase()}_TOYS`;
    this.connection = connection;
  }

  static async make(url: string, prefix: string): Promise<ToyStream> {
    const connection = await connect({ servers: url, maxReconnectAttempts: -1, reconnectTimeWait: 50, reconnectJitter: 10 });
    const stream = new ToyStream(prefix, connection);
    await stream.create();
    return stream;
  }

  async create(): Promise<void> {
    await (await managerOf(this.connection)).streams.add({ name: this.name, subjects: [`${this.#prefix}.toys.>`] });
  }

  async destroy(): Promise<void> {
    await (await managerOf(this.connection)).streams.delete(this.name);
  }

  async consumers(): Promise<number> {
    return (await (await managerOf(this.connection)).streams.info(this.name)).state.consumer_count;
  }

  /** Resolves when the broker answers again: what is published while the connection comes back may be lost. */
  async reachable(): Promise<void> {
    await eventually(async () => {
      await jetstream(this.connection, { timeout: 500 }).publish(`${this.#prefix}.toys.toy.Noise.0`);
    });
  }

  /** Publishes `ToyTold`, by default, and waits for the ack. */
  async tell(n: number, { to = 'all', name = 'ToyTold', time = new Date(), id = uuidv7() } = {}): Promise<PubAck> {
    const head = headers();
    const fields = {
      'ce-specversion': '1.0',
      'ce-id': id,
      'ce-type': `madang.toys.${name}.v1`,
      'ce-time': time.toISOString(),
      'ce-correlationid': id,
    };
    for (const [field, value] of Object.entries(fields)) head.set(field, value);
    return jetstream(this.connection).publish(`${this.#prefix}.toys.toy.${name}.${n}`, JSON.stringify({ n, to }), { headers: head });
  }

  async tellAll(from: number, to: number): Promise<void> {
    for (let n = from; n <= to; n += 100)
      await Promise.all(Array.from({ length: Math.min(100, to - n + 1) }, (_, at) => this.tell(n + at)));
  }

  source(options: Partial<SubscriptionSourceOptions> = {}): SubscriptionSource {
    const { connection, name } = this;
    return subscriptionSource({
      connection,
      stream: name,
      decode: decodeToy,
      log: pino({ level: 'silent' }),
      metrics: new Registry(),
      ...options,
    });
  }

  async close(): Promise<void> {
    await this.destroy().catch(() => {});
    await this.connection.close();
  }
}

/** What a subscriber of toys gets. */
export interface Heard {
  readonly n: number;
  readonly cursor: string;
}

export const toys = (after?: string, when: (told: Told) => boolean = () => true) => ({
  types: new Set(['ToyTold']),
  after,
  when: ({ data }: Received) => when(data as Told),
  as: ({ data }: Received, cursor: string): Heard => ({ n: (data as Told).n, cursor }),
});

/** The next events; what was asked for and no more. */
export async function take(events: AsyncIterator<Heard>, count: number): Promise<Heard[]> {
  const heard: Heard[] = [];
  while (heard.length < count) {
    const { value, done } = await events.next();
    if (done) throw new Error(`it ended after ${heard.length} events`);
    heard.push(value);
  }
  return heard;
}

export const numbers = (heard: readonly Heard[]): number[] => heard.map(({ n }) => n);
export const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);
