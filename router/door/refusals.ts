import { GraphQLError } from 'graphql';

/** Somebody asks too often. */
export function tooManyRequests(waitMs: number): GraphQLError {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1_000));
  const http = { status: 429, headers: { 'retry-after': String(retryAfterSeconds) } };
  return new GraphQLError('Too many requests. 잠시 후 다시 시도해 주세요.', {
    extensions: { code: 'TRY_AGAIN_LATER', retryAfterSeconds, http },
  });
}
