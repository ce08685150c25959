import { createClient } from 'graphql-ws';

/** The first error's extensions. */
export interface Refusal {
  readonly code: string;
  readonly field?: string;
  readonly [detail: string]: unknown;
}

export interface Answer<T> {
  readonly data: T | null;
  readonly refusal: Refusal | undefined;
  /** As it came. */
  readonly text: string;
  /** Milliseconds. */
  readonly took: number;
}

/** Asks a subgraph. The data are those of all fields. */
// biome-ignore lint/suspicious/noExplicitAny: the shape is what the query asks for
export async function post(url: string, token: string, query: string, variables: object): Promise<Answer<any>> {
  const asked = performance.now();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  const { data, errors } = JSON.parse(text) as { data: unknown; errors?: { extensions: Refusal }[] };
  return { data, refusal: errors?.[0]?.extensions, text, took: performance.now() - asked };
}

/** The same answer, with the data of its first field alone. */
export const firstOf = <T>({ data, ...answer }: Answer<Record<string, T>>): Answer<T> => ({
  ...answer,
  data: Object.values(data ?? {})[0] ?? null,
});

/** What a subscription has yielded so far. */
export interface Watched<Change> {
  readonly seen: Change[];
  /** Resolves when it has ended, with the code that it ended with. */
  readonly ended: Promise<unknown>;
  stop(): Promise<void>;
}

/** Collects what a subscription yields until it ends or is stopped. */
export function watch<Change>(url: string, token: string, query: string, variables: Record<string, unknown>): Watched<Change> {
  const client = createClient({ url: url.replace('http:', 'ws:'), connectionParams: { token }, retryAttempts: 0 });
  const answers = client.iterate<Record<string, Change>>({ query, variables });
  const seen: Change[] = [];
  let code: unknown;
  const ended = (async () => {
    try {
      for await (const { data, errors } of answers) {
        code ??= errors?.[0]?.extensions?.code;
        seen.push(...Object.values(data ?? {}));
      }
    } catch (error) {
      code ??= (error as { extensions?: { code: string } }[])[0]?.extensions?.code;
    }
    return code;
  })();
  return { seen, ended, stop: async () => void (await answers.return?.()) };
}
