import { type Actor, hasRole, requireRole, requireUser } from '@madang/kernel/domain';

/** The page of an account; its views are read when they are asked for. */
export interface MyPage {
  readonly accountId: string;
}

/** The page of who asks. @throws Refused UNAUTHENTICATED */
export const ownPage = (actor: Actor): MyPage => ({ accountId: requireUser(actor).accountId });

/** The page of an account, for those who may see it. */
export function pageOfAccount(actor: Actor, accountId: string): MyPage | null {
  const staff = actor.kind === 'service' || hasRole(actor, 'MANAGER', 'ADMIN');
  return staff || (actor.kind === 'user' && actor.accountId === accountId) ? { accountId } : null;
}

/** Everybody's things; nothing is kept of the page itself. */
export type OperationsPage = Readonly<Record<string, never>>;

/** @throws Refused UNAUTHENTICATED, or FORBIDDEN to all but MANAGER and ADMIN */
export function operationsPage(actor: Actor): OperationsPage {
  requireRole(actor, 'MANAGER', 'ADMIN');
  return {};
}
