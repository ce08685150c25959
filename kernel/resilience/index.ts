export * from './edge.ts';
export * from './graphql-edge.ts';
export * from './settings.ts';
