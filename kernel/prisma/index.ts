export * from './commit.ts';
export * from './database.ts';
export * from './rows.ts';
export * from './write.ts';
