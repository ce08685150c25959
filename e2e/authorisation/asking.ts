import { randomUUID } from 'node:crypto';
import type { GraphQLField } from 'graphql';
import { getNamedType, isCompositeType, isRequiredArgument } from 'graphql';
import { createClient } from 'graphql-ws';
import { request } from 'undici';
import WebSocket from 'ws';
import type { ClientError } from '../harness/client.ts';

/** An operation that asks for one root field, harmless, and good enough to be refused for nothing but who asks, or for what is not there. */
export interface Question {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A cursor that no context has given: a subscription that is let in ends with it. */
const NO_CURSOR = 'no cursor';

/** Asks for a root field; `input` is a mutation's. */
export function question(root: string, { name, type, args }: GraphQLField<unknown, unknown>, input: unknown): Question {
  const values: Readonly<Record<string, unknown>> = root === 'Subscription' ? { after: NO_CURSOR } : { id: randomUUID(), input };
  const given = args.filter((argument) => isRequiredArgument(argument) || (root === 'Subscription' && argument.name in values));
  const unknown = given.find((argument) => values[argument.name] === undefined);
  if (unknown) throw new Error(`what to give as ${root}.${name}(${unknown.name}:) is not known here: add the mutation to bad-inputs.ts`);
  const definitions = given.map((argument) => `$${argument.name}: ${argument.type}`).join(' ');
  const passed = given.map((argument) => `${argument.name}: $${argument.name}`).join(' ');
  const below = isCompositeType(getNamedType(type)) ? ' { __typename }' : '';
  return {
    query: `${root.toLowerCase()} Who${definitions && ` (${definitions})`} { ${name}${passed && `(${passed})`}${below} }`,
    variables: Object.fromEntries(given.map((argument) => [argument.name, values[argument.name]])),
  };
}

/** Asks by HTTP. @returns the errors' codes */
export async function overHttp(url: string, token: string | undefined, asked: Question): Promise<string[]> {
  const { body } = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(asked),
  });
  const { errors = [] } = (await body.json()) as { errors?: ClientError[] };
  return errors.map(({ extensions }) => extensions.code);
}

/** Subscribes over graphql-ws, with the token where each of both looks for it, until it is refused. @returns the errors' codes */
export async function overSocket(url: string, token: string | undefined, asked: Question): Promise<string[]> {
  const socket = createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: token === undefined ? {} : { authorization: `Bearer ${token}`, token },
  });
  try {
    return await new Promise<string[]>((resolve, reject) => {
      const told: string[] = [];
      const tell = (errors: readonly ClientError[]) => told.push(...errors.map(({ extensions }) => extensions.code));
      socket.subscribe<unknown>(asked, {
        next: ({ errors = [] }) => void tell(errors as unknown as ClientError[]),
        error(error) {
          if (!Array.isArray(error)) return reject(error);
          tell(error as ClientError[]);
          resolve(told);
        },
        complete: () => resolve(told),
      });
    });
  } finally {
    await socket.dispose();
  }
}
