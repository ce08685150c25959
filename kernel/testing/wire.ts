import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { standIn } from './stand-in.ts';

/** What becomes of a call: it is carried, its answer is lost, it is lost itself, or it arrives so many milliseconds late. */
export type Carriage = 'SOUND' | 'ANSWER_LOST' | 'QUESTION_LOST' | { readonly lateMs: number };

/** The wire to another context, which can be broken in the middle of a call. */
export interface WireTo {
  readonly url: string;
  /** How many calls are on their way, those that nobody waits for any more included. */
  readonly carrying: number;
  close(): void;
}

/**
 * @param target where the other context is at the moment
 * @param carriage asked for every call
 */
export async function wireTo(target: () => string, carriage: () => Carriage = () => 'SOUND'): Promise<WireTo> {
  let carrying = 0;

  async function carry(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const body = await buffer(request);
    const how = carriage();
    if (how === 'QUESTION_LOST') return request.socket.destroy();
    if (typeof how === 'object') await new Promise((next) => setTimeout(next, how.lateMs));
    const { authorization = '' } = request.headers;
    const headers = { 'content-type': 'application/json', authorization };
    const answer = await fetch(target(), { method: 'POST', headers, body });
    const text = await answer.text();
    if (how === 'ANSWER_LOST') return request.socket.destroy();
    return response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
  }

  const server = await standIn((request, response) => {
    carrying++;
    carry(request, response)
      .catch(() => request.socket.destroy())
      .finally(() => carrying--);
  });
  return {
    ...server,
    get carrying() {
      return carrying;
    },
  };
}
