import { buffer } from 'node:stream/consumers';
import { standIn } from '@madang/kernel/testing';

/** How the wire is: it carries everything, refuses connections, loses answers, or loses questions. */
export type Wire = 'SOUND' | 'ANSWERS_LOST' | 'QUESTIONS_LOST';

/** The wire to another context, which can be broken in the middle of a call. */
export async function wireTo(target: () => string) {
  const is: { now: Wire } = { now: 'SOUND' };
  const carried: string[] = [];
  const server = await standIn(async (request, response) => {
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
  return {
    ...server,
    is,
    /** What was sent over it. */
    carried,
  };
}
