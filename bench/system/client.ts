import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';

export interface ClientError {
  readonly message: string;
  readonly extensions?: { readonly code?: string };
}

export interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly ClientError[];
}

const PATIENCE = 60;
const PAUSE_MS = 500;

/** Asks the router over HTTP, with as many connections as it has requests on their way, at most `connections`. */
export class Client {
  readonly #pool: Pool;
  readonly #path: string;

  constructor(url: string, connections = 16) {
    const { origin, pathname } = new URL(url);
    this.#pool = new Pool(origin, { connections, pipelining: 1, headersTimeout: 30_000, bodyTimeout: 30_000 });
    this.#path = pathname;
  }

  /** The answer's text, as it came. @throws when there is none */
  async send(body: string, token?: string): Promise<string> {
    const headers = { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
    const { body: answer } = await this.#pool.request({ path: this.#path, method: 'POST', headers, body });
    return answer.text();
  }

  /** The data of an answer; while it is to try again later, it does, for half a minute. @throws when it has errors */
  async data<Data>(query: string, variables: object = {}, token?: string): Promise<Data> {
    for (let tries = 1; ; tries++) {
      const { data, errors } = JSON.parse(await this.send(JSON.stringify({ query, variables }), token)) as Answer<Data>;
      if (data && !errors) return data;
      if (tries === PATIENCE || errors?.[0]?.extensions?.code !== 'TRY_AGAIN_LATER')
        throw new Error(`${query.slice(0, 60)}…: ${JSON.stringify(errors)}`);
      await delay(PAUSE_MS);
    }
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }
}
