export * from './config.ts';
export * from './definition.ts';
export { inputHash } from './execute.ts';
export { isOutage } from './outage.ts';
export * from './run.ts';
export * from './start.ts';
export { together } from './together.ts';
