import { request } from 'node:http';
import type { Socket } from 'node:net';
import type { Random } from '../random.ts';
import { frame, frames } from './frames.ts';
import { CLOSE_CODES, wrongWithMessage } from './judge.ts';
import { bodyOf, bytesOf, documentOf, VALUES } from './texts.ts';

const PROTOCOLS = [
  'graphql-transport-ws',
  'graphql-transport-ws',
  'graphql-transport-ws',
  'graphql-transport-ws',
  'graphql-ws',
  'x',
  undefined,
];
const INIT = { type: 'connection_init' };
const [TEXT, BINARY, CLOSE, PING, PONG] = [1, 2, 8, 9, 10];

function messageOf(random: Random): string {
  const id = random.of(['1', '2', '', 'x'.repeat(300), random.of(VALUES)]);
  const payload = () =>
    random.of([
      JSON.parse('{"query":"subscription { other }"}'),
      { query: documentOf(random), variables: random.of(VALUES) },
      random.of(VALUES),
    ]);
  const message = random.of<object>([
    { type: 'subscribe', id, payload: payload() },
    { type: 'subscribe', id: '1', payload: { query: documentOf(random) } },
    { type: 'subscribe', id: '3', payload: { query: documentOf(random), extensions: random.of(VALUES), operationName: random.of(VALUES) } },
    { type: 'complete', id },
    { type: 'ping', payload: random.of([...VALUES, { authorization: 'Bearer x.y.z' }]) },
    { type: 'pong' },
    { type: random.of(VALUES) },
    { type: 'next', id, payload: {} },
    random.once(10) ? INIT : { type: 'complete', id: '1' },
  ]);
  const text = random.once(12) ? bodyOf(random) : JSON.stringify(message);
  return random.once(8) ? bytesOf(random, text).toString('latin1') : text;
}

function frameOf(random: Random): Buffer {
  const text = Buffer.from(messageOf(random));
  if (!random.once(5)) return frame(TEXT, text);
  return random.of([
    () => frame(BINARY, text),
    () => frame(TEXT, text, { fin: false }),
    () => frame(0, text),
    () => frame(TEXT, text, { bare: true }),
    () => frame(TEXT, text, { reserved: 1 + random.integer(7) }),
    () => frame(3 + random.integer(5), text),
    () => frame(PING, text.subarray(0, 125)),
    () => frame(PONG, text.subarray(0, 125)),
    () => frame(PING, text.subarray(0, 125), { fin: false }),
    () => frame(TEXT, Buffer.from([0xff, 0xfe, 0xc0])),
    () => frame(TEXT, text, { length: text.length + 1 + random.integer(200) }),
    () => frame(TEXT, Buffer.alloc(0), { length: 2 ** 31 }),
    () => frame(CLOSE, Buffer.from([random.integer(256)])),
    () => frame(CLOSE, Buffer.from([0x03, random.integer(256), 0xff])),
    () => bytesOf(random, 'GET /graphql HTTP/1.1\r\n\r\n'),
  ])();
}

/** Opens a socket; undefined when the server would not. */
function opened(random: Random, port: number): Promise<Socket | number> {
  return new Promise((resolve) => {
    const protocol = random.of(PROTOCOLS);
    const asking = request({
      port,
      host: '127.0.0.1',
      path: random.once(20) ? '//' : '/graphql',
      headers: {
        connection: 'upgrade',
        upgrade: random.once(40) ? 'h2c' : 'websocket',
        'sec-websocket-version': random.once(40) ? '7' : '13',
        'sec-websocket-key': random.once(40) ? 'x' : 'AAAAAAAAAAAAAAAAAAAAAA==',
        ...(protocol ? { 'sec-websocket-protocol': protocol } : {}),
        ...(random.once(10) ? { authorization: 'Bearer x.y.z' } : {}),
      },
    });
    asking.on('upgrade', (_, socket) => resolve(socket as Socket));
    asking.on('response', (response) => resolve(response.resume().statusCode ?? 0));
    asking.on('error', () => resolve(0));
    asking.end();
  });
}

/** Speaks a WebSocket's protocol in the wrong words or order, `count` messages at most. @returns what is wrong with what came back */
export async function speakMutated(random: Random, port: number, count: number): Promise<string | undefined> {
  const socket = await opened(random, port);
  if (typeof socket === 'number') return socket === 500 ? 'status 500' : undefined;
  let wrong: string | undefined;
  let closed: number | undefined;
  socket.on('error', () => undefined);
  socket.on(
    'data',
    frames((opcode, payload) => {
      if (opcode === TEXT)
        wrong ??= wrongWithMessage(payload.toString()) && `${wrongWithMessage(payload.toString())}: ${payload.toString().slice(0, 300)}`;
      if (opcode === CLOSE) closed = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
    }),
  );
  const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  if (!random.once(6)) socket.write(frame(TEXT, Buffer.from(JSON.stringify(INIT))));
  for (let sent = 0; sent < count && !socket.destroyed && closed === undefined; sent++) {
    socket.write(frameOf(random));
    if (random.once(3)) await new Promise((next) => setTimeout(next, random.integer(4)));
  }
  await new Promise((next) => setTimeout(next, 5));
  const leaving = random.of(['close', 'close', 'end', 'destroy'] as const);
  if (leaving === 'close') socket.write(frame(CLOSE, Buffer.from([0x03, 0xe8])));
  if (leaving === 'end') socket.end();
  if (leaving === 'destroy') socket.destroy();
  // What is half a frame, or half closed, is the pings' to find out.
  const late = setTimeout(() => socket.destroy(), 5_000);
  await gone;
  clearTimeout(late);
  if (closed !== undefined && !CLOSE_CODES.has(closed)) wrong ??= `close code ${closed}`;
  return wrong;
}
