/**
 * The subgraph server.
 *
 * HTTP: `POST /graphql` with `authorization: Bearer <internal token>` (issued by the router, for the anonymous too, or by a context); `x-correlation-id` and
 * `traceparent` are carried on; `x-client-address`, which the router sets, is `cause.address`. Without a token: 401. While draining: 503, TRY_AGAIN_LATER. Bodies up to 1 MB.
 *
 * WebSocket, graphql-transport-ws, same path: each operation has its token in `payload.extensions.token` (with `correlationId` and `traceparent` beside it), or the
 * connection has one in `connectionParams.token` (a forged one: close code 4403). A subscription that is refused gives one result with `errors`
 * and completes. One that ends before its time ends with an `error` message whose extensions have `code` and `resumeAfter`, the value for `after`:
 * SLOW_CONSUMER (its queue of 256 events was full) or GOING_AWAY (the server drains; then close code 1001).
 *
 * Errors: a `Refused` as it is; what graphql says of the client's own mistakes; `Unavailable` as TRY_AGAIN_LATER; all else as INTERNAL_SERVER_ERROR with the
 * correlation id, and nothing of what was thrown.
 */
export * from './connection.ts';
export type { AnyLoaders, ReceivedOf, RequestContext, Subscribable, SubscribeOptions } from './request-context.ts';
export type * from './serve-options.ts';
export { serveSubgraph } from './serve-subgraph.ts';
export * from './subscription-source.ts';
