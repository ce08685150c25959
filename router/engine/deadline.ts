import type { GraphQLFormattedError } from 'graphql';
import { NoAnswer } from './transport.ts';

/** How long an operation may take. */
export interface Deadline {
  /** 0: as long as it takes. */
  readonly ms: number;
  /** Called once for each operation that took longer. */
  readonly passed: () => void;
}

const PASSED = 'DEADLINE';
const BEFORE_SENT = 'DEADLINE_BEFORE_SENT';

/** There is no time left to wait for an answer: what was sent may still be done. */
export const outOfTime = (): NoAnswer => new NoAnswer(PASSED, undefined);
/** There was no time left to ask. */
export const notAsked = (): NoAnswer => new NoAnswer(BEFORE_SENT, undefined);

/** Says of the errors for what is missing that the operation's time is why; others stay as they are. */
export function explained(errors: readonly GraphQLFormattedError[], answer: unknown, { ms }: Deadline): readonly GraphQLFormattedError[] {
  if (!(answer instanceof NoAnswer) || (answer.reason !== PASSED && answer.reason !== BEFORE_SENT)) return errors;
  return errors.map(({ message, ...error }) => ({
    ...error,
    message: error.extensions?.code === 'TRY_AGAIN_LATER' ? `"${error.extensions.field}" took longer than an operation may.` : message,
    extensions: { ...error.extensions, timedOutAfterMs: ms },
  }));
}
