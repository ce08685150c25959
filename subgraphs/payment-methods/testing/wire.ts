import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** How the wire is: it carries everything, refuses connections, loses answers, or loses questions. */
export type Wire = 'SOUND' | 'ANSWERS_LOST' | 'QUESTIONS_LOST';

/** The wire to another context, which can be broken in the middle of a call. */
export async function wireTo(target: () => string) {
  const is: { now: Wire } = { now: 'SOUND' };
  const carried: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    if (is.now === 'QUESTIONS_LOST') return request.socket.destroy();
    carried.push(body.toString());
    const { authorization = '' } = request.headers;
    const answer = await fetch(target(), { method: 'POST', headers: { 'content-type': 'application/json', authorization }, body }).catch(
      () => null,
    );
    if (answer === null || is.now === 'ANSWERS_LOST') return request.socket.destroy();
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    is,
    /** What was sent over it. */
    carried,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
