/** What the router allows. Every number can be set in {@link RouterOptions}; these are the defaults. */
export const limits = {
  /** Bytes of a request body (HTTP) or message (WebSocket). */
  bodyBytes: 1024 * 1024,
  /** Tokens of a GraphQL document. */
  documentTokens: 15_000,
  /** Documents that are remembered, read and planned. */
  documents: 2_000,
  /** Milliseconds that a subgraph has for the head of its answer, and between two parts of its body. */
  fetchTimeoutMs: 10_000,
  /** Milliseconds that connecting to a subgraph may take. */
  connectTimeoutMs: 2_000,
  /** Connections to one subgraph. */
  connections: 64,
  /** Results that may wait for a slow subscriber before it is cut off. */
  queuedResults: 256,
  /** Events of one subscription that are filled in at once. */
  eventsAtOnce: 8,
  /** WebSockets of clients. */
  sockets: 50_000,
  /** Operations open at once on one WebSocket. */
  operationsPerSocket: 1_000,
  /** Subscriptions of all clients together. */
  subscriptions: 50_000,
  /** Subscriptions of one account. */
  subscriptionsPerAccount: 1_000,
  /** Subscriptions from one address, of those who are not signed in; many may come through one proxy. */
  subscriptionsPerAddress: 20_000,
  /** Milliseconds before an interrupted subscription is asked for again at its subgraph; they double with each attempt (half to the whole of it, at random). */
  resumeFirstMs: 100,
  /** The longest of those pauses, in milliseconds. */
  resumeLongestMs: 5_000,
  /** Milliseconds after which attempts to go on are given up, and clients told; 0: clients are told at once. */
  resumeForMs: 60_000,
  /** Milliseconds that a WebSocket has for its `connection_init`. */
  initTimeoutMs: 10_000,
  /** Milliseconds between pings; a peer that has not answered by the next one is gone. */
  keepAliveMs: 12_000,
  /** Milliseconds after which an event stream or a multipart answer that was quiet gets a heartbeat; a client that has read nothing for as long is gone. */
  streamHeartbeatMs: 5_000,
  /** Event streams that are shared by operations (single connection mode of graphql-sse). */
  sharedStreams: 10_000,
  /** Milliseconds that an upstream socket without subscriptions stays open. */
  upstreamIdleMs: 5_000,
  /** Milliseconds that a subgraph's `complete` waits for the closing of its socket, which would make it an interruption. */
  completeGraceMs: 250,
  /** Milliseconds that running requests have when the router closes. */
  drainMs: 10_000,
};

export type Limits = typeof limits;
