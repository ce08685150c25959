import { text } from 'node:stream/consumers';
import { standIn } from '@madang/kernel/testing';

/** The way to the trainers' context, wherever it is now, on which an answer can be held back after the trainers have given it. */
export async function wayToTrainers(to: () => string) {
  const mood: { now: 'OPEN' | 'ANSWERS_HELD' } = { now: 'OPEN' };
  /** Answers that never arrived. */
  const held: string[] = [];
  const server = await standIn(async (request, response) => {
    const body = await text(request);
    const headers = { 'content-type': 'application/json', authorization: request.headers.authorization ?? '' };
    const answer = await fetch(to(), { method: 'POST', headers, body }).catch(() => null);
    if (answer === null) return response.writeHead(503).end();
    const said = await answer.text();
    if (mood.now === 'OPEN') return response.writeHead(answer.status, { 'content-type': 'application/json' }).end(said);
    held.push(said);
  });
  return { ...server, mood, held };
}
