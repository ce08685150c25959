import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What goes wrong: it never answers, answers with an error page, with what is no JSON, or cuts the connection. */
export type Fault = 'hang' | '500' | 'malformed' | 'cut';

/** Stands before a subgraph, and lets everything through until it is told what goes wrong. */
export async function faulty(url: string) {
  const { port } = new URL(url);
  let fault: Fault | undefined;
  let requests = 0;
  const server = createServer(async (request, response) => {
    requests++;
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    if (fault === 'hang') return;
    if (fault === 'cut') response.destroy();
    else if (fault === '500') response.writeHead(500, { 'content-type': 'text/html' }).end('<h1>Oops</h1>');
    else if (fault === 'malformed') response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":{"bo');
    else {
      const answer = await fetch(`http://127.0.0.1:${port}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: request.headers.authorization ?? '' },
        body: Buffer.concat(parts),
      });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    /** Requests that came. */
    requests: () => requests,
    /** From now on. */
    be(next: Fault | undefined): void {
      fault = next;
    },
    /** Cuts the connections that there are. */
    cut(): void {
      server.closeAllConnections();
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
