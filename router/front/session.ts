import type { Duplex } from 'node:stream';
import type { GraphQLError } from 'graphql';
import { CloseCode, type Message, MessageType, parseMessage, stringifyMessage } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Result } from '../engine/engine.ts';
import { rightsOf } from '../engine/subscriptions/subscriptions.ts';
import { asGraphQLError, unauthenticated } from '../errors.ts';
import type { Identity, Principal } from '../identity.ts';
import { Expiry } from './expiry.ts';
import { bytesOf, writeShared, writeText } from './frames.ts';
import type { Call, Calls } from './socket-calls.ts';

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

/** What all sessions share. */
export interface SessionMeans {
  readonly identity: Identity;
  readonly calls: Calls;
  readonly initTimeoutMs: number;
}

/** What is known of a client from its upgrade request. */
export interface Upgraded {
  readonly address: string;
  readonly authorization: string | undefined;
  readonly traceparent: string | undefined;
}

/**
 * A client's socket, as graphql-ws's protocol (`graphql-transport-ws`) has it: who is there, until when, and what runs. Messages are written to the connection
 * under the WebSocket; when that is full, what runs waits until it drains.
 */
export class Session {
  readonly address: string;
  readonly traceparent: string | undefined;
  readonly #socket: WebSocket;
  readonly #connection: Duplex;
  readonly #means: SessionMeans;
  readonly #calls = new Map<string, Call>();
  #authorization: string | undefined;
  #initiated = false;
  #principal: Principal | undefined;
  #late: NodeJS.Timeout | undefined;
  #expiry: Expiry | undefined;
  /** Calls whose subscriptions wait for the connection to drain. */
  #blocked: Call[] | undefined;

  constructor(socket: WebSocket, connection: Duplex, { address, authorization, traceparent }: Upgraded, means: SessionMeans) {
    this.address = address;
    this.traceparent = traceparent;
    this.#authorization = authorization;
    this.#socket = socket;
    this.#connection = connection;
    this.#means = means;
    this.#late = setTimeout(
      () => socket.close(CloseCode.ConnectionInitialisationTimeout, 'Connection initialisation timeout'),
      means.initTimeoutMs,
    );
  }

  /** Known once the connection is acknowledged. */
  get principal(): Principal | undefined {
    return this.#principal;
  }

  /** A message of the client. */
  async receive(text: string): Promise<void> {
    let message: Message;
    try {
      message = parseMessage(text);
    } catch {
      return this.#socket.close(CloseCode.BadRequest, 'Invalid message received');
    }
    switch (message.type) {
      case MessageType.ConnectionInit:
        return this.#connect(message.payload);
      case MessageType.Ping: {
        const payload = await this.#pong(message.payload);
        return this.#send(stringifyMessage({ type: MessageType.Pong, ...(payload ? { payload } : {}) }));
      }
      case MessageType.Pong:
        return;
      case MessageType.Subscribe:
        if (!this.#principal) return this.#socket.close(CloseCode.Unauthorized, 'Unauthorized');
        if (this.#calls.has(message.id))
          return this.#socket.close(CloseCode.SubscriberAlreadyExists, `Subscriber for ${message.id} already exists`);
        return this.#means.calls.begin(this, message.id, message.payload);
      case MessageType.Complete: {
        const call = this.#calls.get(message.id);
        this.#calls.delete(message.id);
        return call?.leave();
      }
      default:
        return this.#socket.close(CloseCode.BadRequest, 'Invalid message received');
    }
  }

  /** Takes a call up. False: there are as many as there may be. */
  add(call: Call, most: number): boolean {
    if (this.#calls.size >= most) return false;
    this.#calls.set(call.id, call);
    return true;
  }

  /** Sends a result. False: the connection takes no more for now; the call's subscription goes on once it does. */
  next(call: Call, result: Result): boolean {
    if (this.#socket.readyState !== this.#socket.OPEN) return true;
    const head = `{"id":${JSON.stringify(call.id)},"type":"next","payload":`;
    if (writeShared(this.#connection, head, bytesOf(result))) return true;
    this.#blocked ??= [];
    this.#blocked.push(call);
    return false;
  }

  /** Sends the one result that there is. */
  answer(call: Call, result: Result): void {
    if (this.#calls.get(call.id) !== call) return;
    this.#connection.cork();
    this.next(call, result);
    this.complete(call);
    this.#connection.uncork();
  }

  complete(call: Call): void {
    this.#calls.delete(call.id);
    call.over();
    this.#send(stringifyMessage({ id: call.id, type: MessageType.Complete }));
  }

  refuse(call: Call, errors: readonly GraphQLError[]): void {
    if (this.#calls.get(call.id) === call) this.#calls.delete(call.id);
    const payload = this.#means.calls.shown(call, errors);
    call.over();
    this.#send(stringifyMessage({ id: call.id, type: MessageType.Error, payload }));
  }

  /** The connection takes more. */
  drained(): void {
    const blocked = this.#blocked ?? [];
    this.#blocked = undefined;
    for (const [at, call] of blocked.entries()) {
      if (this.#connection.writableNeedDrain) {
        this.#blocked = [...(this.#blocked ?? []), ...blocked.slice(at)];
        return;
      }
      call.subscription?.goOn();
    }
  }

  /** The client is gone. */
  close(): void {
    clearTimeout(this.#late);
    this.#expiry?.clear();
    this.#blocked = undefined;
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    for (const call of calls) call.leave();
  }

  #send(text: string): void {
    if (this.#socket.readyState === this.#socket.OPEN) writeText(this.#connection, text);
  }

  async #connect(params: Params): Promise<void> {
    if (this.#initiated) return this.#socket.close(CloseCode.TooManyInitialisationRequests, 'Too many initialisation requests');
    this.#initiated = true;
    clearTimeout(this.#late);
    this.#late = undefined;
    try {
      const principal = await this.#means.identity.authenticate(given(params) ?? this.#authorization);
      this.#authorization = undefined;
      this.#principal = principal;
      this.#expireAt(principal.expiresAt);
      this.#send(stringifyMessage({ type: MessageType.ConnectionAck }));
    } catch (error) {
      const { message, extensions } = asGraphQLError(error);
      const code = extensions.code === 'UNAUTHENTICATED' ? UNAUTHENTICATED : TRY_AGAIN_LATER;
      this.#socket.close(code, `${extensions.code}: ${message}`.slice(0, 100));
    }
  }

  /**
   * Answers a ping. One with `authorization` renews the token: what runs goes on until the new one expires. The pong tells `expiresAt` (milliseconds since 1970), or an
   * `error`: a token that is not valid, of another account, or with other roles; the one before is kept then.
   */
  async #pong(payload: Params): Promise<Record<string, unknown> | undefined> {
    const authorization = given(payload);
    if (authorization === undefined || !this.#principal) return payload;
    try {
      const principal = await this.#means.identity.authenticate(authorization);
      if (rightsOf(principal.actor) !== rightsOf(this.#principal.actor))
        throw unauthenticated('The token is of another account, or has other roles: connect again.');
      this.#principal = principal;
      this.#expireAt(principal.expiresAt);
      return { expiresAt: principal.expiresAt };
    } catch (error) {
      const { message, extensions } = asGraphQLError(error);
      return { error: { message, code: extensions.code } };
    }
  }

  #expireAt(expiresAt: number | undefined): void {
    if (expiresAt === undefined || this.#socket.readyState !== this.#socket.OPEN) return;
    this.#expiry ??= new Expiry(() => this.#expire());
    this.#expiry.at(expiresAt);
  }

  /** Ends what runs with UNAUTHENTICATED, then closes the socket. */
  #expire(): void {
    for (const { subscription } of this.#calls.values())
      subscription?.fail(() => unauthenticated('The token has expired: sign in again.'), true);
    setTimeout(() => this.#socket.close(UNAUTHENTICATED, 'The token has expired'), LAST_WORDS_MS).unref();
  }
}
