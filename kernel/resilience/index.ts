export * from './edge.ts';
export * from './edge-metrics.ts';
export * from './graphql-edge.ts';
export * from './joining.ts';
export * from './settings.ts';
