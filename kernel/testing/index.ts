export * from './eventually.ts';
export * from './quick-breaker.ts';
export * from './scenario.ts';
export * from './servers.ts';
export * from './stand-in.ts';
export * from './times.ts';
export * from './wire.ts';
