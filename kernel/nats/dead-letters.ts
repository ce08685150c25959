import { headers } from '@nats-io/transport-node';
import type { Broker } from './broker.ts';
import type { Message } from './wire.ts';

/** An event that a context could not take in, with the reason. */
export interface DeadLetter {
  /** Its place in the dead-letter stream; what `retry` is given. */
  readonly sequence: number;
  readonly consumer: string;
  readonly handler: string;
  readonly reason: string;
  readonly at: Date;
  /** The event's subject, without prefix. */
  readonly subject: string;
  readonly eventId: string | undefined;
  readonly sourceSequence: number;
  readonly data: string;
}

/** Stores the message with the reason; resolves when the broker has it. */
export async function bury(broker: Broker, consumer: string, handler: string, message: Message, reason: string): Promise<void> {
  const subject = broker.names.bare(message.subject);
  const head = headers();
  for (const name of message.headers?.keys() ?? []) if (name !== 'Nats-Msg-Id') head.set(name, message.headers?.get(name) ?? '');
  head.set('Nats-Msg-Id', `${consumer}/${handler}/${message.headers?.get('ce-id') ?? `${subject}/${message.seq}`}`);
  head.set('madang-consumer', consumer);
  head.set('madang-handler', handler);
  head.set('madang-reason', reason.replaceAll(/[\r\n]+/g, ' ').slice(0, 1_000));
  head.set('madang-subject', subject);
  head.set('madang-sequence', String(message.seq));
  head.set('madang-at', new Date().toISOString());
  await broker.ensureDeadLetters();
  await broker.js.publish(broker.names.subject(`dead-letters.${consumer}.${subject}`), message.data, { headers: head, timeout: 5_000 });
}

const text = new TextDecoder();

function read(message: Message): DeadLetter {
  const get = (name: string) => message.headers?.get(name) ?? '';
  return {
    sequence: message.seq,
    consumer: get('madang-consumer'),
    handler: get('madang-handler'),
    reason: get('madang-reason'),
    at: new Date(get('madang-at')),
    subject: get('madang-subject'),
    eventId: get('ce-id') || undefined,
    sourceSequence: Number(get('madang-sequence')),
    data: text.decode(message.data),
  };
}

/** All that are kept, oldest first; of one consuming context when it is named. */
export async function listDeadLetters(broker: Broker, consumer?: string): Promise<DeadLetter[]> {
  const jsm = await broker.manager();
  const stream = await broker.ensureDeadLetters();
  const { state } = await jsm.streams.info(stream);
  const found: DeadLetter[] = [];
  for (let seq = state.first_seq; seq <= state.last_seq && state.messages > 0; seq++) {
    const message = await jsm.streams.getMessage(stream, { seq }).catch(() => null);
    if (!message || !broker.names.bare(message.subject).startsWith('dead-letters.')) continue;
    const letter = read({ subject: message.subject, seq: message.seq, data: message.data, headers: message.header });
    if (consumer === undefined || letter.consumer === consumer) found.push(letter);
  }
  return found;
}

/**
 * Hands a dead letter to its consumer once more and takes it off the list.
 * @throws Error when there is none with that sequence
 */
export async function retryDeadLetter(broker: Broker, sequence: number): Promise<DeadLetter> {
  const jsm = await broker.manager();
  const stream = await broker.ensureDeadLetters();
  const message = await jsm.streams.getMessage(stream, { seq: sequence }).catch(() => null);
  if (!message || !broker.names.bare(message.subject).startsWith('dead-letters.'))
    throw new Error(`there is no dead letter ${sequence}; list them to see the numbers`);
  const letter = read({ subject: message.subject, seq: message.seq, data: message.data, headers: message.header });
  const head = headers();
  for (const name of message.header.keys()) head.set(name, message.header.get(name));
  head.set('Nats-Msg-Id', `retry/${sequence}/${Date.now()}`);
  await broker.js.publish(broker.names.subject(`retries.${letter.consumer}.${letter.subject}`), message.data, {
    headers: head,
    timeout: 5_000,
  });
  await jsm.streams.deleteMessage(stream, sequence);
  return letter;
}
