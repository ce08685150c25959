export * from './actor.ts';
export * from './command.ts';
export * from './decision.ts';
export * from './event.ts';
export * from './policy.ts';
export * from './refusal.ts';
export * from './seoul.ts';
export * from './values.ts';
