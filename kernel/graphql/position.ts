import { z } from 'zod';
import { brokenCursor, decodeCursor, encodeCursor } from './cursor.ts';

/** A place in a stream: after the event that it names. */
export interface Position {
  /** Tells a stream from one of the same name that was made anew: when it was created. */
  readonly epoch: string;
  readonly sequence: number;
  /** The event's time in ms since the epoch; where to go on if the stream was lost and filled again. */
  readonly time: number;
  /** The event's id; empty when no event has been seen yet. */
  readonly eventId: string;
}

const content = z.tuple([z.string(), z.string(), z.int().nonnegative(), z.int().nonnegative(), z.string()]);

/** The opaque cursor that clients get. */
export const cursorOf = (stream: string, { epoch, sequence, time, eventId }: Position): string =>
  encodeCursor([stream, epoch, sequence, time, eventId]);

/** @throws Refused BAD_INPUT, field `after`, for what is not a cursor of this stream */
export function positionFrom(stream: string, cursor: string): Position {
  const { success, data } = content.safeParse(decodeCursor(cursor));
  if (!success || data[0] !== stream) throw brokenCursor();
  const [, epoch, sequence, time, eventId] = data;
  return { epoch, sequence, time, eventId };
}
