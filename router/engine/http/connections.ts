import { connect as connectPlain, isIP, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { ResponseReader } from './response-reader.ts';

export interface ConnectionsOptions {
  /** At a time; what is more waits. */
  readonly most: number;
  readonly connectTimeoutMs: number;
  /** Time that a server has for the head of its answer, and between two parts of its body. */
  readonly answerTimeoutMs: number;
}

/** A request, and who is told what came of it: one call of one of the two. */
export interface Exchange {
  /** Request line and headers, each character a byte; the empty line included. */
  readonly head: string;
  readonly body: string;
  /** Whether body is ASCII: it can be written together with the head then. */
  readonly isAscii: boolean;
  /** Whether it may be sent over a connection of which nobody has looked whether it was closed a moment ago. */
  readonly repeatable: boolean;
  answered(response: Pick<ResponseReader, 'status' | 'retryAfter'>, text: string): void;
  /** @param error its `code` says what it is: Node's own, or one of those below */
  failed(error: Error): void;
}

/** `CONNECT_TIMEOUT`, `ANSWER_TIMEOUT`, `CLOSED`; and see {@link BadResponse}. */
class ConnectionError extends Error {
  override name = 'ConnectionError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** An idle connection is closed after that, whatever the server says. */
const IDLE_MS = 30_000;
/** So long before the server would close it, lest a request cross the close. */
const BEFORE_MS = 1_000;
const SWEEP_MS = 1_000;
/** All connections read into it, one after the other: a buffer for each read costs more than the reading. */
const INCOMING = Buffer.allocUnsafeSlow(64 * 1_024);

/**
 * Connections to one server, kept alive: HTTP/1.1, one request at a time on each. What is more than {@link ConnectionsOptions.most} waits its turn.
 * A response that is followed by anything ends its connection, and so does anything that comes while nothing was asked.
 */
export class Connections {
  readonly #connect: (onread: OnReadOpts) => Socket;
  readonly #options: ConnectionsOptions;
  readonly #open = new Set<Connection>();
  /** The one that was used last is last: those that are not needed get old. */
  readonly #idle: Connection[] = [];
  readonly #waiting = new Set<Exchange>();
  readonly #looking = new Set<Exchange>();
  readonly #sweeping: NodeJS.Timeout;
  #closed = false;

  constructor({ protocol, hostname, port }: URL, options: ConnectionsOptions) {
    const host = hostname.replace(/^\[|\]$/g, '');
    const to = { host, port: Number(port || (protocol === 'https:' ? 443 : 80)), noDelay: true };
    // An address is no name that TLS may ask for (RFC 6066); the certificate is checked for it all the same.
    const name = isIP(host) === 0 ? { servername: host } : {};
    const secure = { ...to, ...name, ALPNProtocols: ['http/1.1'] };
    this.#connect = (onread) => (protocol === 'https:' ? connectTls(Object.assign({ onread }, secure)) : connectPlain({ ...to, onread }));
    this.#options = options;
    this.#sweeping = setInterval(() => this.#sweep(), SWEEP_MS).unref();
  }

  /** @returns gives it up, for that reason: what has been sent may still be done */
  send(exchange: Exchange): (why: Error) => void {
    if (this.#closed) {
      exchange.failed(new ConnectionError('CLOSED', 'the connections are closed'));
      return () => {};
    }
    this.#start(exchange);
    return (why) => {
      if (this.#waiting.delete(exchange) || this.#looking.delete(exchange)) exchange.failed(why);
      else for (const connection of this.#open) if (connection.exchange === exchange) connection.destroy(why);
    };
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#sweeping);
    const gone = new ConnectionError('CLOSED', 'the connections are closed');
    for (const unsent of [this.#waiting, this.#looking])
      for (const exchange of unsent) {
        unsent.delete(exchange);
        exchange.failed(gone);
      }
    for (const connection of [...this.#open]) connection.destroy(gone);
  }

  #start(exchange: Exchange): void {
    const now = performance.now();
    for (let connection = this.#idle.pop(); connection; connection = this.#idle.pop()) {
      if (now >= connection.goodUntil) {
        connection.destroy();
        continue;
      }
      if (exchange.repeatable) connection.send(exchange);
      else this.#lookFirst(connection, exchange);
      return;
    }
    if (this.#open.size < this.#options.most) this.#opened().send(exchange);
    else this.#waiting.add(exchange);
  }

  /** What the network has for the connection, its close above all, is heard before anything is sent that must not be sent twice. */
  #lookFirst(connection: Connection, exchange: Exchange): void {
    this.#looking.add(exchange);
    setImmediate(() => {
      const isWanted = this.#looking.delete(exchange);
      if (!isWanted) connection.release();
      else if (connection.isUsable) connection.send(exchange);
      else this.#start(exchange);
    });
  }

  #opened(): Connection {
    const connection = new Connection(this.#connect, this.#options, {
      free: () => {
        this.#idle.push(connection);
        this.#startWaiting();
      },
      gone: () => {
        this.#open.delete(connection);
        const at = this.#idle.indexOf(connection);
        if (at >= 0) this.#idle.splice(at, 1);
        this.#startWaiting();
      },
    });
    this.#open.add(connection);
    return connection;
  }

  #startWaiting(): void {
    const [next] = this.#waiting;
    if (next === undefined || this.#closed) return;
    this.#waiting.delete(next);
    this.#start(next);
  }

  #sweep(): void {
    const now = performance.now();
    for (const connection of this.#idle.filter(({ goodUntil }) => now >= goodUntil)) connection.destroy();
  }
}

interface Keeper {
  /** It can take another request. */
  free(): void;
  gone(): void;
}

class Connection {
  exchange: Exchange | undefined;
  /** On performance's clock; it is not to be used after that. */
  goodUntil = 0;
  readonly #socket: Socket;
  readonly #keeper: Keeper;
  #reader: ResponseReader | undefined;
  #connecting: NodeJS.Timeout | undefined;
  #gone = false;

  constructor(connect: (onread: OnReadOpts) => Socket, { connectTimeoutMs, answerTimeoutMs }: ConnectionsOptions, keeper: Keeper) {
    const socket = connect({
      buffer: INCOMING,
      callback: (length) => {
        this.#read(INCOMING.subarray(0, length));
        return true;
      },
    });
    this.#socket = socket;
    this.#keeper = keeper;
    this.#connecting = setTimeout(
      () => this.destroy(new ConnectionError('CONNECT_TIMEOUT', `no connection after ${connectTimeoutMs} ms`)),
      connectTimeoutMs,
    );
    const connected = () => clearTimeout(this.#connecting);
    socket.once('encrypted' in socket ? 'secureConnect' : 'connect', connected);
    socket.setTimeout(answerTimeoutMs, () => {
      if (this.exchange) this.destroy(new ConnectionError('ANSWER_TIMEOUT', `nothing for ${answerTimeoutMs} ms`));
    });
    socket.on('end', () => this.#ended());
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  get isUsable(): boolean {
    return !this.#gone;
  }

  send(exchange: Exchange): void {
    const socket = this.#socket;
    this.exchange = exchange;
    this.#reader = new ResponseReader();
    socket.ref();
    const { head, body, isAscii } = exchange;
    if (isAscii) {
      socket.write(head + body, 'latin1');
      return;
    }
    socket.cork();
    socket.write(head, 'latin1');
    socket.write(body, 'utf8');
    socket.uncork();
  }

  /** It is not needed at the moment. */
  release(): void {
    if (this.#gone) return;
    this.#socket.unref();
    this.#keeper.free();
  }

  /** Ends it; whoever waits for an answer is told that. */
  destroy(error: Error = new ConnectionError('CLOSED', 'the server has closed the connection')): void {
    if (this.#gone) return;
    this.#gone = true;
    clearTimeout(this.#connecting);
    const { exchange } = this;
    this.exchange = undefined;
    this.#reader = undefined;
    this.#socket.destroy();
    this.#keeper.gone();
    exchange?.failed(error);
  }

  #read(bytes: Buffer): void {
    const reader = this.#reader;
    if (reader === undefined) {
      this.destroy();
      return;
    }
    let after: Buffer | null;
    try {
      after = reader.read(bytes);
    } catch (error) {
      this.destroy(error as Error);
      return;
    }
    if (after !== null) this.#complete(reader, after.length === 0 && reader.isKept);
  }

  #ended(): void {
    const reader = this.#reader;
    if (reader?.end()) this.#complete(reader, false);
    else this.destroy();
  }

  #complete(reader: ResponseReader, isKept: boolean): void {
    const { exchange } = this;
    this.exchange = undefined;
    this.#reader = undefined;
    const { keptSeconds } = reader;
    const idleMs = keptSeconds === undefined ? IDLE_MS : Math.min(IDLE_MS, keptSeconds * 1_000 - BEFORE_MS);
    this.goodUntil = performance.now() + idleMs;
    // Answered before it has got all of the request: it would take the rest for another one.
    if (isKept && idleMs > 0 && this.#socket.writableLength === 0) this.release();
    else this.destroy();
    exchange?.answered(reader, reader.text());
  }
}
