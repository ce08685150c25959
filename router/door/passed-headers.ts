import type { IncomingHttpHeaders } from 'node:http';

/** Where a client is: told to subgraphs by the router alone, and believed by them for the internal token beside it. */
export const CLIENT_ADDRESS = 'x-client-address';

const NAME = /^[a-z0-9!#$%&'*+.^_`|~-]+$/i;
/** What the router says itself, what is about one connection only, and what tells who somebody is. */
const NEVER = new Set([
  ...['authorization', 'cookie', 'set-cookie', 'host', 'origin', 'proxy-authorization', 'proxy-authenticate', CLIENT_ADDRESS],
  ...['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'expect', 'http2-settings'],
  ...['accept', 'accept-encoding', 'content-type', 'content-length', 'content-encoding'],
  ...['forwarded', 'via', 'x-real-ip', 'traceparent', 'tracestate', 'baggage', 'x-correlation-id'],
]);

/** Whether a client's header may go on to subgraphs as it came. */
export const mayBePassedOn = (name: string): boolean =>
  NAME.test(name) && !NEVER.has(name.toLowerCase()) && !/^(x-forwarded-|sec-|apollo-federation-)/i.test(name);

const NONE: readonly string[] = [];

/** Takes the headers that are listed out of a client's: name, value, name, value, … */
export function passedHeaders(listed: readonly string[]): (headers: IncomingHttpHeaders) => readonly string[] {
  const names = [...new Set(listed.map((name) => name.toLowerCase()))].toSorted();
  if (names.length === 0) return () => NONE;
  return (headers) =>
    names.flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' ? [name, value] : [];
    });
}
