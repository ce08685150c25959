import { createClient, type Client as Socket } from 'graphql-ws';
import { expect } from 'vitest';
import WebSocket from 'ws';
import type { ClientError } from './client.ts';
import { eventually } from './until.ts';

const sockets = new Set<Socket>();

/** Ends every subscription that a test has left open. */
export async function closeSockets(): Promise<void> {
  await Promise.all([...sockets].map((socket) => socket.dispose()));
  sockets.clear();
}

export interface SubscribeOptions {
  readonly url: string;
  readonly token: string | undefined;
  readonly query: string;
  readonly variables?: Record<string, unknown>;
}

/** What a subscription has brought so far: an event is the value of the subscription's one field. */
export class Events<Event> {
  readonly all: Event[] = [];
  /** Why it ended, when it did not end by `leave`. */
  errors: readonly ClientError[] = [];
  ended = false;
  readonly #socket: Socket;
  readonly #leave: () => void;

  constructor({ url, token, query, variables = {} }: SubscribeOptions) {
    this.#socket = createClient({
      url: url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      lazy: false,
      retryAttempts: 0,
      onNonLazyError: () => {},
      connectionParams: token ? { authorization: `Bearer ${token}` } : {},
    });
    sockets.add(this.#socket);
    this.#leave = this.#socket.subscribe<Record<string, Event>>(
      { query, variables },
      {
        next: ({ data, errors }) => {
          if (errors) this.errors = [...this.errors, ...(errors as readonly ClientError[])];
          if (data) this.all.push(...Object.values(data));
        },
        error: (error) => {
          this.errors = Array.isArray(error) ? error : [{ message: String(error), extensions: { code: 'SOCKET_CLOSED' } }];
          this.ended = true;
        },
        complete: () => {
          this.ended = true;
        },
      },
    );
  }

  /** Waits until the events are exactly these; `of` picks what is compared. */
  async are<Part>(of: (event: Event) => Part, expected: readonly Part[], withinMs = 10_000): Promise<void> {
    await eventually(() => expect({ events: this.all.map(of), errors: this.errors }).toEqual({ events: expected, errors: [] }), {
      withinMs,
    });
  }

  /** Waits for an event of that kind. */
  async one(is: (event: Event) => boolean, withinMs = 10_000): Promise<Event> {
    return eventually(
      () => {
        const found = this.all.find(is);
        if (!found) throw new Error(`no such event among ${JSON.stringify(this.all)} ${JSON.stringify(this.errors)}`);
        return found;
      },
      { withinMs },
    );
  }

  /** Waits until the subscription is refused, having brought nothing. */
  async refusal(): Promise<ClientError> {
    await eventually(() => this.errors.length > 0);
    expect(this.all).toEqual([]);
    return this.errors[0] as ClientError;
  }

  /** As when the client's computer goes away. */
  async leave(): Promise<void> {
    this.#leave();
    sockets.delete(this.#socket);
    await this.#socket.dispose();
  }
}
