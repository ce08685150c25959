export * from './eventually.ts';
export * from './scenario.ts';
export * from './servers.ts';
