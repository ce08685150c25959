import { defaultsOf, type Settings, whole } from './setting.ts';

/** What the router allows. */
export const limitsShape = {
  bodyBytes: whole(1024 * 1024, 'bytes', 'Size of a request body (HTTP) or message (WebSocket).'),
  documentTokens: whole(15_000, 'tokens', 'Tokens of a GraphQL document.'),
  documents: whole(2_000, 'documents', 'Documents that are remembered, read and planned.'),
  fetchTimeoutMs: whole(10_000, 'ms', 'Time that a subgraph has for the head of its answer, and between two parts of its body.'),
  connectTimeoutMs: whole(2_000, 'ms', 'Time that connecting to a subgraph may take.'),
  connections: whole(64, 'connections', 'Connections to one subgraph.'),
  queuedResults: whole(256, 'results', 'Results that may wait for a slow subscriber before it is cut off.'),
  eventsAtOnce: whole(8, 'events', 'Events of one subscription that are filled in at once.'),
  sockets: whole(50_000, 'sockets', 'WebSockets of clients.'),
  operationsPerSocket: whole(1_000, 'operations', 'Operations open at once on one WebSocket.'),
  subscriptions: whole(50_000, 'subscriptions', 'Subscriptions of all clients together.'),
  subscriptionsPerAccount: whole(1_000, 'subscriptions', 'Subscriptions of one account.'),
  subscriptionsPerAddress: whole(
    20_000,
    'subscriptions',
    'Subscriptions from one address, of those who are not signed in; many may come through one proxy.',
  ),
  resumeFirstMs: whole(
    100,
    'ms',
    'Time before an interrupted subscription is asked for again at its subgraph; it doubles with each attempt (half to the whole of it, at random).',
  ),
  resumeLongestMs: whole(5_000, 'ms', 'The longest of those pauses.'),
  resumeForMs: whole(60_000, 'ms', 'Time after which attempts to go on are given up, and clients told; 0: clients are told at once.'),
  initTimeoutMs: whole(10_000, 'ms', 'Time that a WebSocket has for its `connection_init`.'),
  keepAliveMs: whole(12_000, 'ms', 'Time between pings; a peer that has not answered by the next one is gone.'),
  streamHeartbeatMs: whole(
    5_000,
    'ms',
    'Time after which an event stream or a multipart answer that was quiet gets a heartbeat; a client that has read nothing for as long is gone.',
  ),
  sharedStreams: whole(10_000, 'streams', 'Event streams that are shared by operations (single connection mode of graphql-sse).'),
  upstreamIdleMs: whole(5_000, 'ms', 'Time that an upstream socket without subscriptions stays open.'),
  completeGraceMs: whole(
    250,
    'ms',
    "Time that a subgraph's `complete` waits for the closing of its socket, which would make it an interruption.",
  ),
  drainMs: whole(10_000, 'ms', 'Time that running requests have when the router closes.'),
};

export type Limits = Settings<typeof limitsShape>;

/** Where nothing is set. */
export const limits: Limits = defaultsOf(limitsShape);
