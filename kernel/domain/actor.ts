import { notFound, Refused } from './refusal.ts';

/** Who asks. `service` is another context acting under its own name. */
export type Actor =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'user'; readonly accountId: string; readonly roles: readonly string[] }
  | { readonly kind: 'service'; readonly name: string };

export type User = Extract<Actor, { kind: 'user' }>;

export const anonymous: Actor = { kind: 'anonymous' };
export const service = (name: string): Actor => ({ kind: 'service', name });
export const user = (accountId: string, ...roles: string[]): User => ({ kind: 'user', accountId, roles });

export const hasRole = (actor: Actor, ...roles: string[]): boolean =>
  actor.kind === 'user' && roles.some((role) => actor.roles.includes(role));

/** @throws Refused UNAUTHENTICATED unless a signed-in account asks */
export function requireUser(actor: Actor): User {
  if (actor.kind === 'user') return actor;
  throw new Refused('UNAUTHENTICATED', 'Sign in first.');
}

/** @throws Refused UNAUTHENTICATED, or FORBIDDEN when the account holds none of the roles */
export function requireRole(actor: Actor, ...roles: string[]): User {
  const account = requireUser(actor);
  if (hasRole(account, ...roles)) return account;
  throw new Refused('FORBIDDEN', `This needs the role ${roles.join(' or ')}.`);
}

/** For internal commands. @throws Refused FORBIDDEN unless another context asks */
export function requireService(actor: Actor): string {
  if (actor.kind === 'service') return actor.name;
  throw new Refused('FORBIDDEN', 'Only another context may ask for this.');
}

/** What belongs to an account is there for that account, for `staff` roles and for services only. @throws Refused NOT_FOUND */
export function requireOwner(actor: Actor, accountId: string, what: string, ...staff: string[]): void {
  if (actor.kind === 'service' || hasRole(actor, ...staff)) return;
  if (actor.kind === 'user' && actor.accountId === accountId) return;
  if (actor.kind === 'anonymous') throw new Refused('UNAUTHENTICATED', 'Sign in first.');
  throw notFound(what);
}
