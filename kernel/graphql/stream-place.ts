import { AckPolicy, type ConsumerConfig, DeliverPolicy, type JetStreamManager, ReplayPolicy } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import type { Position } from './position.ts';

const SKEW_MS = 60_000;
const FORGOTTEN_AFTER_MS = 30_000;

/** Where reading is to go on, in the stream as it is now. */
export interface Place extends Position {
  /** The position is not in this stream any more: reading begins some time before its time, and whoever has seen events is to leave these out. */
  readonly lost: boolean;
}

/** Whether the stream still holds, at its place, the event that the position names. */
async function holds(jsm: JetStreamManager, stream: string, { sequence, eventId }: Position): Promise<boolean> {
  if (eventId === '' || sequence === 0) return true;
  const message = await jsm.streams.getMessage(stream, { seq: sequence });
  const id = message?.header.get('ce-id') ?? '';
  return id === '' || id === eventId;
}

/**
 * Finds a position in the stream; null is its end. By sequence where that is certain. A stream that was made anew, or that lost its end and got other
 * events there, is resumed by the events' times.
 */
export async function placeIn(jsm: JetStreamManager, stream: string, position: Position | null): Promise<Place> {
  const { created, state } = await jsm.streams.info(stream);
  const epoch = String(created);
  if (position === null) return { epoch, sequence: state.last_seq, time: Date.now(), eventId: '', lost: false };
  const known = position.epoch === epoch && position.sequence <= state.last_seq && (await holds(jsm, stream, position));
  if (!known) return { ...position, epoch, sequence: 0, lost: true };
  return { ...position, sequence: Math.max(position.sequence, state.first_seq - 1), lost: false };
}

/** An ephemeral consumer that reads on from there. */
export function consumerAt(name: string, { sequence, time, lost }: Place): Partial<ConsumerConfig> {
  const start = lost
    ? { deliver_policy: DeliverPolicy.StartTime, opt_start_time: new Date(Math.max(0, time - SKEW_MS)).toISOString() }
    : { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: sequence + 1 };
  return {
    name,
    ...start,
    ack_policy: AckPolicy.None,
    replay_policy: ReplayPolicy.Instant,
    mem_storage: true,
    num_replicas: 1,
    inactive_threshold: nanos(FORGOTTEN_AFTER_MS),
  };
}
