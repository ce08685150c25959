import Negotiator from 'negotiator';
import { Recent } from '../recent.ts';
import { badRequest } from './bad-request.ts';

export const JSON_TYPE = 'application/json';
export const RESPONSE_TYPE = 'application/graphql-response+json';
export const EVENT_STREAM = 'text/event-stream';

const known = new Recent<string, string>(200);
const MULTIPART = /multipart\/mixed[^,]*;\s*subscriptionspec\s*=\s*"?1\.0/i;

const preferred = (accept: string): string => {
  const seen = known.get(accept);
  if (seen !== undefined) return seen;
  const type = new Negotiator({ headers: { accept } }).mediaType([JSON_TYPE, RESPONSE_TYPE, EVENT_STREAM]) ?? '';
  known.set(accept, type);
  return type;
};

/** Which type an answer is to have. @throws GraphQLError BAD_REQUEST, status 406 when there is none that the client accepts */
export function mediaTypeFor(accept: string | undefined): string {
  const type = accept === undefined ? JSON_TYPE : preferred(accept) || (wantsMultipart(accept) ? JSON_TYPE : '');
  if (type === '' || type === EVENT_STREAM)
    throw badRequest(`Answers are ${JSON_TYPE} or ${RESPONSE_TYPE}; neither is accepted.`, { status: 406 });
  return type;
}

/** Whether the client prefers Server-Sent Events. */
export const wantsEventStream = (accept: string | undefined): boolean => accept !== undefined && preferred(accept) === EVENT_STREAM;

/** Whether the client takes a subscription as parts of one answer (Apollo's multipart protocol, `subscriptionSpec=1.0`). */
export const wantsMultipart = (accept: string | undefined): boolean => accept !== undefined && MULTIPART.test(accept);
