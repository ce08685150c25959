import { type ConsumerMessages, type JetStreamManager, type JsMsg, jetstream } from '@nats-io/jetstream';
import { type NatsConnection, nuid } from '@nats-io/transport-node';
import type { Position } from './position.ts';
import { consumerAt, type Place, placeIn } from './stream-place.ts';

const ENDING = new Set([
  'heartbeats_missed',
  'consumer_not_found',
  'consumer_deleted',
  'stream_not_found',
  'no_responders',
  'exceeded_limits',
]);
const READ_AHEAD = 200;

/**
 * One consumer on a stream, read in order, as long as nothing disturbs it: a lost message, a silent server, a deleted consumer or stream end its messages.
 * The next session goes on where this one ended.
 */
export class StreamSession {
  readonly place: Place;
  readonly #jsm: JetStreamManager;
  readonly #stream: string;
  readonly #consumer: string;
  readonly #messages: ConsumerMessages;

  private constructor(jsm: JetStreamManager, stream: string, consumer: string, messages: ConsumerMessages, place: Place) {
    this.#jsm = jsm;
    this.#stream = stream;
    this.#consumer = consumer;
    this.#messages = messages;
    this.place = place;
    void this.#watch();
  }

  /** Resolves once the consumer is there. @throws what the broker or the connection says */
  static async open(connection: NatsConnection, jsm: JetStreamManager, stream: string, from: Position | null): Promise<StreamSession> {
    const place = await placeIn(jsm, stream, from);
    const info = await jsm.consumers.add(stream, consumerAt(`subscriptions_${nuid.next()}`, place));
    const consumer = jetstream(connection).consumers.getConsumerFromInfo(info);
    const messages = await consumer.consume({ max_messages: READ_AHEAD, expires: 10_000, idle_heartbeat: 2_500 });
    const sequence = place.lost ? info.delivered.stream_seq : place.sequence;
    return new StreamSession(jsm, stream, info.name, messages, { ...place, sequence });
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<JsMsg> {
    let delivered = 0;
    try {
      for await (const message of this.#messages) {
        if (message.info.deliverySequence !== ++delivered) return;
        yield message;
      }
    } finally {
      this.end();
    }
  }

  /** What has arrived is still read; then the messages end. */
  end(): void {
    void this.#messages.close();
    this.#jsm.consumers.delete(this.#stream, this.#consumer).catch(() => {});
  }

  async #watch(): Promise<void> {
    for await (const { type } of this.#messages.status()) if (ENDING.has(type)) void this.#messages.close();
  }
}
