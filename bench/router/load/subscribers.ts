import { isDeepStrictEqual } from 'node:util';
import WebSocket from 'ws';
import { summary } from '../../report/statistics.ts';
import { answering } from '../child.ts';

export interface Connecting {
  readonly url: string;
  /** One for each client, again from the first when there are fewer clients; none: anonymous. */
  readonly tokens: readonly string[];
  readonly clients: number;
  readonly query: string;
}

export interface Heard {
  readonly delivered: number;
  /** Events that came out of order, twice or not at all, and wrong ones. */
  readonly wrong: number;
  readonly flaws: readonly string[];
  readonly p50: number;
  readonly p99: number;
}

/** The product of an event as it has to be, by its number. */
type Truth = Readonly<Record<string, unknown>>[];

/** Within so many characters it shows which type a message has, or else it is parsed. */
const START = 40;
let sockets: { readonly socket: WebSocket; last: number }[] = [];
let truth: Truth = [];
let flaws: string[] = [];
let waits: number[] = [];
let delivered = 0;
let wrong = 0;
/** The text of an event is the same for all: one is looked at, the others are compared. */
const seen = new Map<number, string>();

function flaw(text: string): void {
  wrong += 1;
  if (flaws.length < 3) flaws.push(text.slice(0, 300));
}

function asExpected(number: number, text: string): boolean {
  const before = seen.get(number);
  if (before !== undefined) return before === text;
  const message = JSON.parse(text) as { payload?: { data?: { published?: { product?: unknown } } } };
  if (!isDeepStrictEqual(message.payload?.data?.published?.product, truth[number % truth.length])) return false;
  seen.set(number, text);
  seen.delete(number - 200);
  return true;
}

function hear(client: { last: number }, text: string): void {
  const now = performance.timeOrigin + performance.now();
  const number = Number(/"number":(\d+)/.exec(text)?.[1]);
  if (!(number > 0) || !asExpected(number, text)) {
    flaw(text);
    return;
  }
  if (client.last !== 0 && number !== client.last + 1) flaw(`event ${number} after ${client.last}`);
  client.last = number;
  delivered += 1;
  waits.push(now - Number(/"at":([\d.]+)/.exec(text)?.[1]));
}

function connect(url: string, token: string | undefined, query: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', { perMessageDeflate: false, skipUTF8Validation: true });
  const client = { socket, last: 0 };
  socket.on('open', () => {
    const payload = token === undefined ? undefined : { authorization: `Bearer ${token}` };
    socket.send(JSON.stringify({ type: 'connection_init', payload }));
  });
  socket.on('message', (data: Buffer) => {
    const text = data.toString();
    if (text.slice(0, START).includes('"type":"next"')) return hear(client, text);
    const { type } = JSON.parse(text) as { type: string };
    if (type === 'next') return hear(client, text);
    if (type === 'ping') return socket.send('{"type":"pong"}');
    if (type !== 'connection_ack') return flaw(text);
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
    resolve();
  });
  socket.on('error', reject);
  socket.on('close', (code, reason) => {
    if (!sockets.includes(client)) return;
    flaw(`closed with ${code} ${reason}`);
    reject(new Error(`closed with ${code} ${reason}`));
  });
  sockets.push(client);
  return promise;
}

async function open({ url, tokens, clients, query }: Connecting): Promise<void> {
  const width = 50;
  for (let at = sockets.length; at < clients; at += width)
    await Promise.all(
      Array.from({ length: Math.min(width, clients - at) }, (_, i) => connect(url, tokens[(at + i) % Math.max(1, tokens.length)], query)),
    );
}

function reset(): void {
  waits = [];
  flaws = [];
  delivered = 0;
  wrong = 0;
  for (const client of sockets) client.last = 0;
}

answering({
  expect: (products: Truth) => {
    truth = products;
  },
  open,
  reset,
  /** How many clients have had that event. */
  have: (number: number) => sockets.filter(({ last }) => last >= number).length,
  heard: (): Heard => {
    const { p50, p99 } = summary(waits);
    return { delivered, wrong, flaws, p50, p99 };
  },
  close: () => {
    const all = sockets;
    sockets = [];
    for (const { socket } of all) socket.terminate();
    reset();
    seen.clear();
  },
});
