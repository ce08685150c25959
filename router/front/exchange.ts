import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestContext } from '../context.ts';
import type { Principal } from '../identity.ts';

/** One HTTP request to the GraphQL endpoint, of somebody who is known. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The query part of the URL. */
  readonly search: string;
  readonly principal: Principal;
  /** Of every answer: whether the page that asks may read it. */
  readonly cors: Readonly<Record<string, string>>;
  /** Its signal aborts when the client hangs up. */
  readonly context: RequestContext;
}

/** A way to answer GraphQL over HTTP. What it throws before it has answered is answered for it. */
export type Way = (exchange: Exchange) => Promise<void>;
