import { once } from 'node:events';
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { generate } from 'selfsigned';
import { afterEach, expect, test } from 'vitest';
import { Connections, type ConnectionsOptions } from './connections.ts';

const undos: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of undos.splice(0).toReversed()) await undo();
});

const urlOf = (server: { address(): unknown }) => new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`);

async function http(answer: (request: IncomingMessage, response: ServerResponse, body: string) => void) {
  const sockets = new Set<Socket>();
  const server = createHttp(async (request, response) => {
    let body = '';
    for await (const part of request.setEncoding('utf8')) body += part;
    answer(request, response, body);
  });
  server.on('connection', (socket: Socket) => void sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  undos.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: urlOf(server), sockets };
}

/** Answers each request with those bytes. */
async function raw(answer: (socket: Socket, nth: number) => void) {
  let requests = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', () => answer(socket, ++requests));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  undos.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: urlOf(server), sockets, requests: () => requests };
}

function client(url: URL, options: Partial<ConnectionsOptions> = {}) {
  const connections = new Connections(url, { most: 4, connectTimeoutMs: 2_000, answerTimeoutMs: 5_000, ...options });
  undos.push(() => connections.close());
  const begin = (body: string, repeatable = true) => {
    const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
    promise.catch(() => {});
    const bytes = Buffer.byteLength(body);
    const giveUp = connections.send({
      head: `POST ${url.pathname} HTTP/1.1\r\nhost: ${url.host}\r\ncontent-length: ${bytes}\r\n\r\n`,
      body,
      isAscii: bytes === body.length,
      repeatable,
      answered: ({ status }, text) => resolve({ status, text }),
      failed: reject,
    });
    return { promise, giveUp };
  };
  return { connections, begin, ask: (body: string, repeatable?: boolean) => begin(body, repeatable).promise };
}

const coded = (code: string) => expect.objectContaining({ code });

test('answers as Node’s own server writes them, of a length and in chunks, go each to its request, over no more connections than there may be', async () => {
  const { url, sockets } = await http((_, response, body) => {
    const text = `${body} 가나다 ${'x'.repeat(Number(body) * 500)}`;
    if (Number(body) % 2 === 0) response.end(text);
    else {
      response.write(text.slice(0, 7));
      setImmediate(() => response.end(text.slice(7)));
    }
  });
  const { ask } = client(url);
  const numbers = Array.from({ length: 200 }, (_, n) => n);
  const answers = await Promise.all(numbers.map((n) => ask(String(n), n % 3 !== 0)));
  expect(answers).toEqual(numbers.map((n) => ({ status: 200, text: `${n} 가나다 ${'x'.repeat(n * 500)}` })));
  expect(sockets.size).toBe(4);
});

test('a body that is not ASCII arrives as it is', async () => {
  const { url } = await http((_, response, body) => response.end(body));
  expect((await client(url).ask('{"이름":"😀"}')).text).toBe('{"이름":"😀"}');
});

test('a server that is not there, that ends without an answer, that says nothing, and that makes no sense: each has its code', async () => {
  const gone = createServer().listen(0, '127.0.0.1');
  await once(gone, 'listening');
  const nobody = urlOf(gone);
  gone.close();
  await once(gone, 'close');
  await expect(client(nobody).ask('1')).rejects.toEqual(coded('ECONNREFUSED'));
  await expect(client((await raw((socket) => socket.end())).url).ask('1')).rejects.toEqual(coded('CLOSED'));
  const half = await raw((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{'));
  await expect(client(half.url).ask('1')).rejects.toEqual(coded('CLOSED'));
  await expect(client((await raw(() => {})).url, { answerTimeoutMs: 50 }).ask('1')).rejects.toEqual(coded('ANSWER_TIMEOUT'));
  await expect(client((await raw((socket) => socket.write('SSH-2.0\r\n\r\n'))).url).ask('1')).rejects.toEqual(coded('BAD_RESPONSE'));
});

test.each([['localhost'], ['127.0.0.1']])('over TLS the server at %s has to be who it says', async (host) => {
  const altNames = [host === 'localhost' ? { type: 2 as const, value: host } : { type: 7 as const, ip: host }];
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'a subgraph' }], {
    keyType: 'ec',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames },
    ],
  });
  const server = createHttps({ key, cert }, (_, response) => response.end('{"가":1}')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const known = getCACertificates();
  undos.push(() => {
    setDefaultCACertificates(known);
    server.closeAllConnections();
    server.close();
  });
  const { port } = urlOf(server);
  await expect(client(new URL(`https://${host}:${port}`)).ask('1')).rejects.toEqual(coded('DEPTH_ZERO_SELF_SIGNED_CERT'));
  setDefaultCACertificates([cert]);
  const { ask } = client(new URL(`https://${host}:${port}`));
  expect([(await ask('1')).text, (await ask('2', false)).text]).toEqual(['{"가":1}', '{"가":1}']);
  const another = host === 'localhost' ? '127.0.0.1' : 'localhost';
  await expect(client(new URL(`https://${another}:${port}`)).ask('1')).rejects.toEqual(coded('ERR_TLS_CERT_ALTNAME_INVALID'));
});

test('what follows an answer is never taken for the next one', async () => {
  const answer = (text: string) => `HTTP/1.1 200 OK\r\ncontent-length: ${text.length}\r\n\r\n${text}`;
  const { url, sockets } = await raw((socket, nth) => socket.write(nth === 1 ? answer('one') + answer('FORGED') : answer('two')));
  const { ask } = client(url);
  expect([(await ask('1')).text, (await ask('2')).text]).toEqual(['one', 'two']);
  expect(sockets.size).toBe(2);
});

test('what comes while nothing was asked ends the connection', async () => {
  const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}';
  const { url, sockets } = await raw((socket) => socket.write(answer));
  const { ask } = client(url);
  await ask('1');
  const [first] = [...sockets] as [Socket];
  first.write(answer);
  await once(first, 'close');
  await ask('2');
  expect(sockets.size).toBe(2);
});

test('a connection that the server has just closed is not used for what must not be sent twice', async () => {
  const { url, sockets, requests } = await raw((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'));
  const { ask } = client(url, { most: 1 });
  for (let turn = 1; turn <= 50; turn++) {
    await ask('before');
    for (const socket of sockets) socket.end();
    await new Promise((over) => setImmediate(over));
    await ask('mutation', false);
    expect(requests()).toBe(turn * 2);
  }
});

test('a connection is closed when the server would soon, and one that is asked to is at once', async () => {
  const { url, sockets } = await raw((socket, nth) =>
    socket.write(
      `HTTP/1.1 200 OK\r\ncontent-length: 2\r\n${['connection: close', 'keep-alive: timeout=1', 'keep-alive: timeout=5'][nth % 3]}\r\n\r\n{}`,
    ),
  );
  const { ask } = client(url);
  for (let n = 0; n < 6; n++) await ask('1');
  // Kept after the second and the fifth: the next request goes over the same one.
  expect(sockets.size).toBe(4);
});

test('given up, it ends its connection if it was sent, and is not sent if it was not', async () => {
  const { url, requests, sockets } = await raw(() => {});
  const { begin } = client(url, { most: 1 });
  const [sent, waiting] = [begin('1'), begin('2')];
  await expect.poll(requests).toBe(1);
  waiting.giveUp(new Error('nobody waits'));
  await expect(waiting.promise).rejects.toThrow('nobody waits');
  sent.giveUp(new Error('gone'));
  await expect(sent.promise).rejects.toThrow('gone');
  await once([...sockets][0] as Socket, 'close');
  expect(requests()).toBe(1);
});

test('closed, nothing is left, and nothing more is sent', async () => {
  const { url, sockets } = await raw(() => {});
  const { connections, ask } = client(url, { most: 2 });
  const all = ['1', '2', '3'].map((body) => ask(body));
  await expect.poll(() => sockets.size).toBe(2);
  connections.close();
  for (const each of [...all, ask('4')]) await expect(each).rejects.toEqual(coded('CLOSED'));
  await expect.poll(() => [...sockets].every((socket) => socket.destroyed)).toBe(true);
});
