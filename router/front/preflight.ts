import type { IncomingHttpHeaders } from 'node:http';
import { badRequest } from './bad-request.ts';

/** No page can set these without the browser asking first. */
const ASKED_FOR = ['x-apollo-operation-name', 'apollo-require-preflight', 'x-graphql-event-stream-token'];
const SIMPLE = new Set(['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']);
/** What tells a browser; a page can neither remove nor change it without the browser asking first. */
const BROWSER = ['origin', 'referer', 'cookie', 'sec-fetch-site', 'sec-fetch-dest', 'sec-fetch-user'] as const;

/** Every browser calls itself Mozilla; what does not say what it is may be one. */
const mayBeBrowser = (headers: IncomingHttpHeaders): boolean =>
  headers['user-agent'] === undefined ||
  /Mozilla|Opera/i.test(headers['user-agent']) ||
  BROWSER.some((name) => headers[name] !== undefined);

/**
 * Refuses what any page could make a visitor's browser send unasked (cross-site request forgery): a request without a content type or header for
 * which the browser would ask first. Clients that are no browsers cannot be made to send anything, and may leave it out.
 * @throws GraphQLError BAD_REQUEST, status 400
 */
export function preventForgery(headers: IncomingHttpHeaders): void {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== undefined && !SIMPLE.has(type)) return;
  if (ASKED_FOR.some((name) => headers[name]) || !mayBeBrowser(headers)) return;
  throw badRequest(
    "This operation has been blocked as a potential Cross-Site Request Forgery (CSRF). Send a content-type that no form can send (application/json), or the header 'apollo-require-preflight: true'.",
  );
}
