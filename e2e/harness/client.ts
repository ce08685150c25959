import { Agent, request } from 'undici';
import { expect } from 'vitest';

/** An error as the router gives it. */
export interface ClientError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: {
    readonly code: string;
    readonly field?: string;
    readonly retryAfterSeconds?: number;
    readonly [detail: string]: unknown;
  };
}

export interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly ClientError[];
}

const agent = new Agent({ connections: 64, pipelining: 1, headersTimeout: 20_000, bodyTimeout: 20_000 });

/** Somebody who asks the router; `token` is their access token, absent for the anonymous. */
export class Client {
  readonly url: string;
  readonly token: string | undefined;

  constructor(url: string, token?: string) {
    this.url = url;
    this.token = token;
  }

  /** Whatever the router answers. @throws when there is no answer */
  async ask<Data>(query: string, variables: object = {}): Promise<Answer<Data>> {
    const { body } = await request(this.url, {
      method: 'POST',
      dispatcher: agent,
      headers: { 'content-type': 'application/json', ...(this.token ? { authorization: `Bearer ${this.token}` } : {}) },
      body: JSON.stringify({ query, variables }),
    });
    return (await body.json()) as Answer<Data>;
  }

  /** The data of an answer that must have no errors. */
  async data<Data>(query: string, variables: object = {}): Promise<Data> {
    const { data, errors } = await this.ask<Data>(query, variables);
    expect(errors).toBeUndefined();
    return data as Data;
  }

  /** The first error of an answer that must have one. */
  async refusal(query: string, variables: object = {}): Promise<ClientError> {
    const { data, errors } = await this.ask(query, variables);
    expect(errors, `a refusal instead of ${JSON.stringify(data)}`).toHaveLength(1);
    return (errors as [ClientError])[0];
  }
}

/** Not done, or perhaps done (`SUBGRAPH_UNAVAILABLE`, no answer at all): either way the same request may be sent again. */
const TRY_AGAIN = ['TRY_AGAIN_LATER', 'SUBGRAPH_UNAVAILABLE', 'NO_ANSWER'];
const isToBeTriedAgain = ({ errors }: Answer<unknown>): boolean =>
  errors?.some(({ extensions }) => TRY_AGAIN.includes(extensions?.code)) ?? false;

/** As a good client does while something is out: sends the same request again until it is answered. `tries` counts what it took. */
export async function patiently<Data>(
  ask: () => Promise<Answer<Data>>,
  { withinMs = 60_000 } = {},
): Promise<{ data: Data; tries: number; codes: readonly string[] }> {
  const deadline = Date.now() + withinMs;
  const codes: string[] = [];
  for (let tries = 1; ; tries++) {
    const answer = await ask().catch(
      (error: Error & { code?: string }): Answer<Data> => ({
        errors: [{ message: error.message, extensions: { code: 'NO_ANSWER', network: error.code } }],
      }),
    );
    if (answer.data && !answer.errors) return { data: answer.data, tries, codes };
    codes.push(...(answer.errors ?? []).map(({ extensions }) => String(extensions?.network ?? extensions?.code)));
    if (!isToBeTriedAgain(answer) || Date.now() > deadline)
      throw new Error(`no good answer after ${tries} tries: ${JSON.stringify(answer)}`);
    await new Promise((next) => setTimeout(next, Math.min(1_000, 50 * 2 ** tries) * (0.5 + Math.random())));
  }
}
