import type { GraphQLFormattedError } from 'graphql';
import { type Data, isObject } from './data.ts';
import { type Answer, NoAnswer } from './transport.ts';
import { askedFor, unanswered } from './unanswered.ts';

/** What a subgraph said. */
export interface Said {
  readonly data: Data | null;
  readonly errors: readonly GraphQLFormattedError[];
}

/** What it was asked. */
export interface Asked {
  readonly query: string;
  /** The whole request, of which the variables are read where an error needs them. */
  readonly body: string;
  readonly mutation: boolean;
}

const RETRY_AFTER_SECONDS = 2;
const BUSY = new Set([429, 502, 503, 504]);
const NONE: readonly GraphQLFormattedError[] = [];

function parsed(text: string): { readonly data?: unknown; readonly errors?: unknown } | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    return isObject(answer) && ('data' in answer || 'errors' in answer) ? answer : undefined;
  } catch {
    return undefined;
  }
}

const isError = (error: unknown): error is GraphQLFormattedError => isObject(error);

const variablesOf = ({ body }: Asked): Data => (JSON.parse(body) as { variables?: Data }).variables ?? {};

/** An error about the whole request gets the path of what was asked for first. */
function withPaths(errors: readonly GraphQLFormattedError[], asked: Asked): readonly GraphQLFormattedError[] {
  if (errors.every(({ path }) => path)) return errors;
  const path = askedFor(asked.query, variablesOf(asked))[0]?.path;
  return errors.map((error) => (error.path || !path ? error : { ...error, path }));
}

const fault = (message: string): GraphQLFormattedError => ({ message, extensions: { code: 'INTERNAL_SERVER_ERROR' } });

/** Reads a subgraph's answer; where there is none, or none that can be used, it is errors for what is missing. */
export function said(answer: Answer | NoAnswer, asked: Asked): Said {
  const missing = (unknown: boolean, after: number): Said => ({
    data: null,
    errors: unanswered(asked.query, variablesOf(asked), unknown, after),
  });
  if (answer instanceof NoAnswer) return missing(asked.mutation && answer.sent, answer.retryAfterSeconds ?? RETRY_AFTER_SECONDS);
  const { status, text, retryAfter } = answer;
  const read = parsed(text);
  const data = isObject(read?.data) && !Array.isArray(read.data) ? read.data : null;
  const errors = Array.isArray(read?.errors) ? read.errors.filter(isError) : NONE;
  if (BUSY.has(status) && data === null) {
    const { code, retryAfterSeconds } = errors[0]?.extensions ?? {};
    return missing(asked.mutation && code !== 'TRY_AGAIN_LATER', Number(retryAfterSeconds ?? retryAfter) || RETRY_AFTER_SECONDS);
  }
  // A 401 is about the router's own token.
  if (read === undefined || status === 401)
    return { data: null, errors: withPaths([fault(`HTTP ${status}: ${text.slice(0, 200)}`)], asked) };
  if (data !== null) return { data, errors };
  return { data, errors: withPaths(errors.length > 0 ? errors : [fault('an answer without data')], asked) };
}
