import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call as it arrived. */
export interface Arrived {
  readonly path: string;
  readonly chatId: string;
  readonly text: string;
  /** When, ms. */
  readonly at: number;
}

/** What it does with a call. */
export type Behaviour = (response: ServerResponse, arrived: Arrived) => void;

const json = (status: number, body: object): Behaviour => {
  return (response) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};
const no = (status: number, description: string, more: object = {}) =>
  json(status, { ok: false, error_code: status, description, ...more });

/** The Bot API's answers, word for word, and what may be in its place. */
export const says = {
  ok: json(200, { ok: true, result: { message_id: 42, date: 1_763_618_400, chat: { id: 1, type: 'private' }, text: '' } }),
  chatNotFound: no(400, 'Bad Request: chat not found'),
  blocked: no(403, 'Forbidden: bot was blocked by the user'),
  notFound: no(404, 'Not Found'),
  unauthorized: no(401, 'Unauthorized'),
  tooManyRequests: (seconds: number) => no(429, `Too Many Requests: retry after ${seconds}`, { parameters: { retry_after: seconds } }),
  internalError: no(500, 'Internal Server Error'),
  badGateway: ((response) => response.writeHead(502).end('<html><h1>502 Bad Gateway</h1></html>')) as Behaviour,
  forbiddenByProxy: ((response) => response.writeHead(403).end('<html>Forbidden</html>')) as Behaviour,
  brokenBody: ((response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":tr')) as Behaviour,
  nothing: (() => {}) as Behaviour,
  hangUp: ((response) => response.destroy()) as Behaviour,
};

/** Speaks the Bot API's sendMessage on a port of this machine. What a chat hears is set by `answer`; `ok` otherwise. */
export async function telegramServer() {
  const arrived: Arrived[] = [];
  const answers = new Map<string, Behaviour[]>();
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    const { chat_id: chatId, text } = JSON.parse(body) as { chat_id: string; text: string };
    const call = { path: request.url ?? '', chatId: String(chatId), text, at: Date.now() };
    arrived.push(call);
    const next = answers.get(call.chatId) ?? answers.get('*') ?? [says.ok];
    const behaviour = next.length > 1 ? next.shift() : next[0];
    behaviour?.(response, call);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** All that has arrived, or what has for a chat. */
    arrived: (chatId?: string): Arrived[] => arrived.filter((call) => chatId === undefined || call.chatId === chatId),
    /** What a chat (`*`: any that is not named) hears: one after another, the last one from then on. */
    answer: (chatId: string, ...behaviours: Behaviour[]): void => {
      answers.set(chatId, behaviours);
    },
    async close(): Promise<void> {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, 'close');
    },
  };
}

export type TelegramServer = Awaited<ReturnType<typeof telegramServer>>;
