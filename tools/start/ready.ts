import { get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

const PAUSE = 20;

/** `http://127.0.0.1:4102/graphql` → `http://127.0.0.1:4102/readyz`. */
export function readyUrl(url: string): string {
  return new URL('/readyz', url).href;
}

/** Resolves when every url answers 200; rejects with the last answer after `timeout` milliseconds, or with the signal's reason. */
export async function untilReady(urls: string[], timeout: number, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + timeout;
  const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
  await Promise.race([aborted, Promise.all(urls.map((url) => untilOneIsReady(url, deadline, signal)))]);
}

async function untilOneIsReady(url: string, deadline: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const answer = await ask(url);
    if (answer.status === 200) return;
    if (Date.now() > deadline) throw new Error(`${url} is not ready: ${answer.text}`);
    await delay(PAUSE);
  }
}

/** One GET, whatever comes of it; a connection that hangs is given up after two seconds. */
export function ask(url: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: 2_000 }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: `${response.statusCode} ${text.slice(0, 500)}` }));
      response.on('error', (error) => resolve({ status: 0, text: error.message }));
    });
    request.on('timeout', () => request.destroy(new Error('no answer within 2 s')));
    request.on('error', (error) => resolve({ status: 0, text: error.message }));
  });
}
