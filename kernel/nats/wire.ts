import { headers, type MsgHdrs } from '@nats-io/transport-node';
import type { EventDefinition, Received } from '../domain/index.ts';

/** An outbox row as the relay reads it. */
export interface OutboxRow {
  readonly seq: string;
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly key: string;
  readonly time: Date;
  readonly data: string;
  readonly correlation_id: string;
  readonly causation_id: string | null;
  readonly traceparent: string | null;
  /** Events of the same key before this one, newest first: `PaymentApproved/0190…` */
  readonly after: readonly string[] | null;
}

/** A message that is no event of ours, or whose data do not fit the declared payload. */
export class InvalidEvent extends Error {
  override name = 'InvalidEvent';
}

/** CloudEvents 1.0, NATS binding, binary mode. */
export function encode(row: OutboxRow): MsgHdrs {
  const head = headers();
  head.set('Nats-Msg-Id', row.id);
  head.set('ce-specversion', '1.0');
  head.set('ce-id', row.id);
  head.set('ce-type', row.type);
  head.set('ce-source', `/madang/${row.subject.slice(0, row.subject.indexOf('.'))}`);
  head.set('ce-subject', row.key);
  head.set('ce-time', row.time.toISOString());
  head.set('content-type', 'application/json');
  head.set('ce-correlationid', row.correlation_id);
  if (row.causation_id) head.set('ce-causationid', row.causation_id);
  if (row.traceparent) head.set('traceparent', row.traceparent);
  if (row.after?.length) head.set('ce-after', row.after.join(','));
  return head;
}

/** A stored message, whichever way it was read. */
export interface Message {
  readonly subject: string;
  readonly seq: number;
  readonly data: Uint8Array;
  readonly headers?: MsgHdrs | undefined;
}

/** `PaymentApproved` of `payments.payment.PaymentApproved.<key>`. */
export const eventNameOf = (bareSubject: string): string => bareSubject.split('.')[2] ?? '';

const text = new TextDecoder();
const TYPE = /\.v(\d+)$/;

/** The version that a message's `ce-type` names; undefined when it has none. */
export const versionOf = (message: Message): number | undefined =>
  Number(TYPE.exec(message.headers?.get('ce-type') ?? '')?.[1]) || undefined;

/**
 * The event in a message, validated.
 * @throws InvalidEvent
 */
export function decode(message: Message, bareSubject: string, definition: EventDefinition): Received {
  const get = (name: string) => message.headers?.get(name) || undefined;
  const id = get('ce-id');
  const time = new Date(get('ce-time') ?? Number.NaN);
  const version = versionOf(message);
  if (!id || Number.isNaN(time.getTime()) || get('ce-specversion') !== '1.0' || !version)
    throw new InvalidEvent('the message is not a CloudEvent: ce-id, ce-time, ce-type or ce-specversion is missing or malformed');
  if (version !== definition.version) throw new InvalidEvent(`${definition.eventName} version ${version} is not supported`);
  let json: unknown;
  try {
    json = JSON.parse(text.decode(message.data));
  } catch (error) {
    throw new InvalidEvent('the data are not JSON', { cause: error });
  }
  const { data, error } = definition.payload.safeParse(json);
  if (error) throw new InvalidEvent(`the data do not fit ${definition.type}: ${error.message}`);
  const [context = '', aggregate = '', name = '', key = ''] = bareSubject.split('.');
  return {
    id,
    name,
    version,
    context,
    aggregate,
    key,
    time,
    data,
    correlationId: get('ce-correlationid') ?? id,
    causationId: get('ce-causationid'),
    traceparent: get('traceparent'),
    sequence: message.seq,
  };
}

/** Events of the same key that came before, newest first. */
export function predecessors(message: Message): { name: string; id: string }[] {
  const after = message.headers?.get('ce-after');
  if (!after) return [];
  return after.split(',').map((entry) => {
    const [name = '', id = ''] = entry.split('/');
    return { name, id };
  });
}
