import { type Actor, hasRole } from '@madang/kernel/domain';

/** Points are there for whose they are, for staff, and for other contexts. */
export const sees = (actor: Actor, accountId: string): boolean =>
  actor.kind === 'service' || hasRole(actor, 'MANAGER', 'ADMIN') || (actor.kind === 'user' && actor.accountId === accountId);
