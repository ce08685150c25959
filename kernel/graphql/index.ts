export * from './connection.ts';
export type { AnyLoaders, ReceivedOf, RequestContext, Subscribable, SubscribeOptions } from './request-context.ts';
export * from './subscription-source.ts';
