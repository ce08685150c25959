export * from './connection.ts';
export type { AnyLoaders, ReceivedOf, RequestContext, Subscribable, SubscribeOptions } from './request-context.ts';
export * from './subscription-source.ts';
export type * from './serve-options.ts';
