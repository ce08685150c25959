/** Told between the events of a subscription: it has come as far as the cursor, and nothing up to there is still to come. */
export class Progress {
  readonly cursor: string;

  constructor(cursor: string) {
    this.cursor = cursor;
  }
}

/** The events of a subscription that knows where in its stream it is. */
export interface Progressing<Payload> extends AsyncIterableIterator<Payload> {
  /** The events, and between them where it is: at its beginning, and from time to time when there was nothing for it. Instead of iterating it otherwise. */
  withProgress(): AsyncIterator<Payload | Progress>;
}

export const progresses = (events: AsyncIterable<unknown>): events is Progressing<unknown> => 'withProgress' in events;
