export * from './commit.ts';
export * from './database.ts';
export * from './write.ts';
