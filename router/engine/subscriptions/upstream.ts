import type { ExecutionResult, GraphQLFormattedError } from 'graphql';
import {
  GRAPHQL_TRANSPORT_WS_PROTOCOL,
  type Message,
  MessageType,
  parseMessage,
  type SubscribePayload,
  stringifyMessage,
} from 'graphql-ws';
import WebSocket from 'ws';
import type { Limits } from '../../settings/limits.ts';

/** Takes what one upstream operation brings. Exactly one of the last four is called, as the last. */
export interface Sink {
  next(event: ExecutionResult): void;
  /** The subgraph refused, or gave up on, the operation. */
  refused(errors: readonly GraphQLFormattedError[]): void;
  complete(): void;
  /** The subgraph could not be reached; it has not got the operation. */
  unreachable(): void;
  /** The way to the subgraph was lost. */
  interrupted(): void;
}

type Operation = { readonly payload: SubscribePayload; readonly sink: Sink; ending?: NodeJS.Timeout };

const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/**
 * One WebSocket to a subgraph, shared by many operations. When it is gone, so are all of them: a new one is made then by {@link upstreams}.
 * A subgraph that completes operations because it is going away closes its socket soon after: such a `complete` is an interruption.
 */
export class UpstreamSocket {
  readonly #socket: WebSocket;
  readonly #limits: Limits;
  readonly #operations = new Map<string, Operation>();
  readonly #closed: () => void;
  readonly #handshake: NodeJS.Timeout;
  #acknowledged = false;
  #over = false;
  #alive = true;
  #lastId = 0;
  #pings: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(url: string, limits: Limits, closed: () => void) {
    this.#limits = limits;
    this.#closed = closed;
    this.#socket = new WebSocket(url, GRAPHQL_TRANSPORT_WS_PROTOCOL, {
      handshakeTimeout: limits.connectTimeoutMs,
      maxPayload: MAX_MESSAGE_BYTES,
    });
    this.#handshake = setTimeout(() => this.#end(), limits.connectTimeoutMs * 2);
    this.#socket.on('open', () => this.#socket.send(stringifyMessage({ type: MessageType.ConnectionInit })));
    this.#socket.on('message', (data) => this.#receive(String(data)));
    this.#socket.on('pong', () => (this.#alive = true));
    this.#socket.on('error', () => this.#end());
    this.#socket.on('close', () => this.#end());
  }

  /** False once it is gone or going: operations need another one. */
  get usable(): boolean {
    return !this.#over && this.#socket.readyState <= WebSocket.OPEN;
  }

  /** Begins an operation; the function returned ends it, telling the subgraph. */
  subscribe(payload: SubscribePayload, sink: Sink): () => void {
    clearTimeout(this.#idle);
    const id = String(++this.#lastId);
    this.#operations.set(id, { payload, sink });
    if (this.#acknowledged) this.#send(id, payload);
    return () => {
      if (!this.#operations.has(id)) return;
      const { ending } = this.#remove(id) ?? {};
      if (!ending && this.#acknowledged && this.usable) this.#socket.send(stringifyMessage({ id, type: MessageType.Complete }));
    };
  }

  close(): void {
    this.#socket.close(1000);
    this.#end();
  }

  #send(id: string, payload: SubscribePayload): void {
    this.#socket.send(stringifyMessage({ id, type: MessageType.Subscribe, payload }));
  }

  #receive(text: string): void {
    this.#alive = true;
    try {
      this.#handle(parseMessage(text) as Message);
    } catch {
      this.#end();
    }
  }

  #handle(message: Message): void {
    switch (message.type) {
      case MessageType.ConnectionAck:
        this.#acknowledge();
        break;
      case MessageType.Ping:
        this.#socket.send(stringifyMessage({ type: MessageType.Pong }));
        break;
      case MessageType.Next:
        this.#operations.get(message.id)?.sink.next(message.payload as ExecutionResult);
        break;
      case MessageType.Error:
        this.#remove(message.id)?.sink.refused(message.payload as readonly GraphQLFormattedError[]);
        break;
      case MessageType.Complete:
        this.#completeSoon(message.id);
    }
  }

  #completeSoon(id: string): void {
    const operation = this.#operations.get(id);
    if (operation) operation.ending = setTimeout(() => this.#remove(id)?.sink.complete(), this.#limits.completeGraceMs);
  }

  #acknowledge(): void {
    clearTimeout(this.#handshake);
    this.#acknowledged = true;
    for (const [id, { payload }] of this.#operations) this.#send(id, payload);
    this.#pings = setInterval(() => {
      if (!this.#alive) return this.#end();
      this.#alive = false;
      this.#socket.ping();
    }, this.#limits.keepAliveMs);
    if (this.#operations.size === 0) this.#closeWhenIdle();
  }

  #remove(id: string): Operation | undefined {
    const operation = this.#operations.get(id);
    clearTimeout(operation?.ending);
    this.#operations.delete(id);
    if (this.#operations.size === 0 && this.#acknowledged && !this.#over) this.#closeWhenIdle();
    return operation;
  }

  #closeWhenIdle(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.close(), this.#limits.upstreamIdleMs);
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#handshake);
    clearInterval(this.#pings);
    clearTimeout(this.#idle);
    if (this.#socket.readyState !== WebSocket.CLOSING) this.#socket.terminate();
    const operations = [...this.#operations.values()];
    this.#operations.clear();
    this.#closed();
    for (const { sink, ending } of operations) {
      clearTimeout(ending);
      if (this.#acknowledged) sink.interrupted();
      else sink.unreachable();
    }
  }
}
