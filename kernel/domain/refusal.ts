/** What a refusal tells beside its code; all of it reaches the client in `extensions`. */
export interface RefusalDetails {
  /** The input field at fault, as a path: `address.city`. */
  readonly field?: string;
  /** Seconds after which a try makes sense; always there with TRY_AGAIN_LATER. */
  readonly retryAfterSeconds?: number;
  readonly [detail: string]: unknown;
}

/** The codes that every context shares; a context adds its own. */
export type CommonRefusal = 'UNAUTHENTICATED' | 'FORBIDDEN' | 'NOT_FOUND' | 'BAD_INPUT' | 'IDEMPOTENCY_CONFLICT' | 'TRY_AGAIN_LATER';

/** A command or query that the domain says no to: an answer to the client, not a fault. */
export class Refused extends Error {
  readonly code: string;
  readonly details: RefusalDetails;

  /**
   * @param code SCREAMING_SNAKE, documented in the SDL
   * @param message a sentence for the person who asked; holds nothing secret
   */
  constructor(code: string, message: string, details: RefusalDetails = {}) {
    super(message);
    this.name = 'Refused';
    this.code = code;
    this.details = details;
  }
}

/** Not there, or not yours: the two are not told apart. */
export const notFound = (what: string): Refused => new Refused('NOT_FOUND', `${what} was not found.`);

export const badInput = (field: string, message: string): Refused => new Refused('BAD_INPUT', message, { field });

export const tryAgainLater = (retryAfterSeconds: number, what = 'This'): Refused =>
  new Refused('TRY_AGAIN_LATER', `${what} is not available at the moment. 잠시 후 다시 시도해 주세요.`, { retryAfterSeconds });
