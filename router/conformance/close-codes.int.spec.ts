import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { until } from '../testing/ask.ts';
import { type Shop, shop } from '../testing/shop.ts';

const SPOKEN = 'graphql-transport-ws';
const INIT = { type: 'connection_init' };
const subscribe = (id: string, query = 'subscription { other }') => ({ type: 'subscribe', id, payload: { query } });

/** As graphql-ws' PROTOCOL.md has it: what a server has to close a socket for, and with which code. */
describe('the close codes of graphql-transport-ws', () => {
  let world: Shop;
  let url = '';
  const sockets: WebSocket[] = [];
  beforeAll(async () => {
    world = await shop();
    url = (await world.router({ upstreamIdleMs: 50 })).url.replace('http', 'ws');
  });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.terminate();
  });
  afterAll(() => world.close());

  /** Sends messages, each after the one before was answered where it has an answer; says how it ended. */
  async function open(protocol: string | undefined, to = url) {
    const socket = new WebSocket(to, protocol);
    sockets.push(socket);
    const heard: { type: string; id?: string }[] = [];
    let closed: [number, string] | undefined;
    socket.on('message', (data) => heard.push(JSON.parse(String(data))));
    socket.on('close', (code, reason) => (closed = [code, String(reason)]));
    await once(socket, 'open');
    return {
      heard,
      send: (...messages: (object | string)[]) => {
        for (const message of messages) socket.send(typeof message === 'string' ? message : JSON.stringify(message));
      },
      acknowledged: () => until(() => heard.some(({ type }) => type === 'connection_ack')),
      async closed() {
        await until(() => closed !== undefined, 'the socket is closed');
        return closed;
      },
    };
  }

  async function ready() {
    const connection = await open(SPOKEN);
    connection.send(INIT);
    await connection.acknowledged();
    return connection;
  }

  it('4406 when the subprotocol is not spoken here', async () => {
    const { closed } = await open('graphql-ws').catch((error: Error) => ({ closed: async () => error.message }));
    // `ws` as a client gives up by itself when a server agrees to none of what it has offered.
    expect(await closed()).toBe('Server sent no subprotocol');
    const none = await open(undefined);
    expect(await none.closed()).toEqual([4406, 'Subprotocol not acceptable']);
  });

  it('4408 when there is no connection_init in time', async () => {
    const hasty = await world.router({ initTimeoutMs: 60 });
    expect(await (await open(SPOKEN, hasty.url.replace('http', 'ws'))).closed()).toEqual([4408, 'Connection initialisation timeout']);
  });

  it('4429 when there are two', async () => {
    const connection = await ready();
    connection.send(INIT);
    expect(await connection.closed()).toEqual([4429, 'Too many initialisation requests']);
  });

  it('4401 for an operation before the acknowledgement', async () => {
    const connection = await open(SPOKEN);
    connection.send(subscribe('1'));
    expect(await connection.closed()).toEqual([4401, 'Unauthorized']);
  });

  it('4409 for an id that is in use, and not for one that was', async () => {
    const connection = await ready();
    connection.send(subscribe('1', '{ orders { id } }'));
    await until(() => connection.heard.some(({ type, id }) => type === 'complete' && id === '1'));
    connection.send(subscribe('1'), subscribe('1'));
    expect(await connection.closed()).toEqual([4409, 'Subscriber for 1 already exists']);
  });

  it.each([
    ['no JSON', 'nonsense'],
    ['a message without a type', { id: '1' }],
    ['a type that there is not', { type: 'start', id: '1' }],
    ['an operation without an id', { type: 'subscribe', payload: { query: '{ __typename }' } }],
    ['an operation without a query', { type: 'subscribe', id: '1', payload: {} }],
    ['a payload that is no object', { type: 'ping', payload: 'x' }],
  ])('4400 for %s', async (_, message) => {
    const connection = await ready();
    connection.send(message);
    expect((await connection.closed())?.[0]).toBe(4400);
  });

  it('1009 for a message that is too large', async () => {
    const connection = await ready();
    connection.send(' '.repeat(1024 * 1024 + 1));
    expect((await connection.closed())?.[0]).toBe(1009);
  });

  it('none for who does not read its answers: it may only not ask for more and more', async () => {
    const strict = await world.router({ operationsPerSocket: 3 });
    const connection = await open(SPOKEN, strict.url.replace('http', 'ws'));
    connection.send(INIT);
    await connection.acknowledged();
    const counted = async () => {
      const text = await (await fetch(new URL('/metrics', strict.url))).text();
      return [...text.matchAll(/^madang_router_(?:requests|operations)_total.* (\d+)$/gm)].reduce(
        (sum, [, count]) => sum + Number(count),
        0,
      );
    };
    sockets.at(-1)?.pause();
    const large = { query: 'query ($field: String!) { refused(field: $field) }', variables: { field: 'x'.repeat(900_000) } };
    for (let id = 0; id < 20; id++) {
      const before = await counted();
      connection.send({ type: 'subscribe', id: String(id), payload: large });
      await until(async () => (await counted()) > before);
    }
    sockets.at(-1)?.resume();
    await until(() => connection.heard.filter(({ type }) => type === 'error' || type === 'complete').length === 20, 'all have ended');
    const refused = connection.heard.filter(({ type }) => type === 'error');
    expect(refused.length).toBeGreaterThan(0);
    expect(JSON.stringify(refused[0])).toContain('TOO_MANY_OPERATIONS');
    connection.send(subscribe('later', '{ orders { id } }'));
    await until(() => connection.heard.some(({ type, id }) => type === 'complete' && id === 'later'));
  });

  it('none for completing what is over, for a pong, or for a ping, which is answered', async () => {
    const connection = await ready();
    connection.send({ type: 'complete', id: 'nobody' }, { type: 'pong' }, { type: 'ping' });
    await until(() => connection.heard.some(({ type }) => type === 'pong'));
    connection.send(subscribe('2', '{ orders { id } }'));
    await until(() => connection.heard.some(({ type, id }) => type === 'complete' && id === '2'));
  });
});
