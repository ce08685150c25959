export * from './connection.ts';
export type { AnyLoaders, ReceivedOf, RequestContext, Subscribable, SubscribeOptions } from './request-context.ts';
export type * from './serve-options.ts';
export { serveSubgraph } from './serve-subgraph.ts';
export * from './subscription-source.ts';
