import type { WebSocket } from 'ws';
import type { Client } from '../context.ts';
import type { Door } from '../door/door.ts';
import { rightsOf } from '../engine/subscriptions/subscriptions.ts';
import { asGraphQLError, unauthenticated } from '../errors.ts';
import type { Principal } from '../identity.ts';
import { Expiry } from './expiry.ts';
import { type Call, over } from './socket-calls.ts';

/** Close code of ours: the token is not valid, or has expired; connect again with a fresh one. */
export const UNAUTHENTICATED = 4401;
/** Try again later, as the registry of close codes has it. */
const TRY_AGAIN_LATER = 1013;
/** Milliseconds between the errors of the subscriptions that end with a token and the close of the socket. */
const LAST_WORDS_MS = 250;

type Params = Readonly<Record<string, unknown>> | undefined;

const given = (params: Params): string | undefined => {
  const value = params?.authorization ?? params?.Authorization;
  return typeof value === 'string' ? value : undefined;
};

/** A client's socket: who is there, until when, and what runs. */
export class Session {
  readonly calls = new Map<string, Call>();
  readonly client: Client;
  readonly #socket: WebSocket;
  readonly #door: Door;
  readonly #expiry = new Expiry(() => this.#expire());
  #principal: Principal | undefined;

  constructor(socket: WebSocket, client: Client, door: Door) {
    this.#socket = socket;
    this.client = client;
    this.#door = door;
  }

  /** Known once the connection is acknowledged. */
  get principal(): Principal | undefined {
    return this.#principal;
  }

  /** False when the socket was closed, as the token is not valid. */
  async connect(params: Params, header: string | undefined): Promise<boolean> {
    try {
      this.#principal = await this.#door.authenticate(given(params) ?? header, this.client);
    } catch (error) {
      const { message, extensions } = asGraphQLError(error);
      const code = extensions.code === 'UNAUTHENTICATED' ? UNAUTHENTICATED : TRY_AGAIN_LATER;
      this.#socket.close(code, `${extensions.code}: ${message}`.slice(0, 100));
      return false;
    }
    this.#expiry.at(this.#principal.expiresAt);
    return true;
  }

  /**
   * Answers a ping. One with `authorization` renews the token: what runs goes on until the new one expires. The pong tells `expiresAt` (milliseconds since 1970), or an
   * `error`: a token that is not valid, of another account, or with other roles; the one before is kept then.
   */
  async ping(payload: Params): Promise<Params> {
    const authorization = given(payload);
    if (authorization === undefined || !this.#principal) return payload;
    try {
      const principal = await this.#door.authenticate(authorization, this.client);
      if (rightsOf(principal.actor) !== rightsOf(this.#principal.actor))
        throw unauthenticated('The token is of another account, or has other roles: connect again.');
      this.#principal = principal;
      this.#expiry.at(principal.expiresAt);
      return { expiresAt: principal.expiresAt };
    } catch (error) {
      const { message, extensions } = asGraphQLError(error);
      return { error: { message, code: extensions.code } };
    }
  }

  close(): void {
    this.#expiry.clear();
    for (const call of this.calls.values()) {
      call.abort.abort();
      over(call);
    }
  }

  /** Ends what runs with UNAUTHENTICATED, then closes the socket. */
  #expire(): void {
    for (const { subscription } of this.calls.values())
      subscription?.fail(() => unauthenticated('The token has expired: sign in again.'), true);
    setTimeout(() => this.#socket.close(UNAUTHENTICATED, 'The token has expired'), LAST_WORDS_MS).unref();
  }
}
