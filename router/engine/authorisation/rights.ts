import type { Actor } from '@madang/kernel/domain';
import { GraphQLError } from 'graphql';
import type { AnyOf, Rule } from './rules.ts';

/** Who asks the router: with a token of an issuer that grants scopes, with these, too. */
export type Asker = Actor & { readonly scopes?: readonly string[] };

/** Decides what a `@policy` names. It is asked at every operation, and answers by nothing but who asks. */
export type Policy = (asker: Asker) => boolean;

/** By their names. A policy that is not among them allows nothing. */
export type Policies = Readonly<Record<string, Policy>>;

const ROLE = 'role:';

/** The scope that whoever has a role has: `role:ADMIN`. */
export const scopeOfRole = (role: string): string => `${ROLE}${role}`;

/** The role that a scope stands for; undefined for a scope of the token's own. */
export const roleOfScope = (scope: string): string | undefined => (scope.startsWith(ROLE) ? scope.slice(ROLE.length) : undefined);

function hasScope(asker: Asker, scope: string): boolean {
  if (asker.kind !== 'user') return false;
  const role = roleOfScope(scope);
  // A token's claim of such a scope is none: a role is what the subgraphs are told.
  return role === undefined ? (asker.scopes?.includes(scope) ?? false) : asker.roles.includes(role);
}

const some = (anyOf: AnyOf, holds: (one: string) => boolean): boolean => anyOf.some((all) => all.every(holds));

/** Whether whoever asks keeps to a rule. */
export function keeps(asker: Asker, rule: Rule, policies: Policies): boolean {
  switch (rule.kind) {
    case 'authenticated':
      return asker.kind !== 'anonymous';
    case 'scopes':
      return some(rule.anyOf, (scope) => hasScope(asker, scope));
    case 'policies':
      return some(rule.anyOf, (name) => Object.hasOwn(policies, name) && (policies[name]?.(asker) ?? false));
  }
}

/** The roles of which each alone is enough; undefined where it is not about roles only. */
export function rolesOf(rule: Rule): readonly string[] | undefined {
  if (rule.kind !== 'scopes') return undefined;
  const roles = rule.anyOf.flatMap((all) => (all.length === 1 ? (roleOfScope(all[0] ?? '') ?? []) : []));
  return roles.length === rule.anyOf.length ? roles : undefined;
}

function lacking(rule: Rule): string {
  const roles = rolesOf(rule);
  if (roles) return `This needs the role ${roles.join(' or ')}.`;
  return rule.kind === 'policies' ? 'A policy does not allow you this.' : 'This needs a scope that your token does not have.';
}

/** What is said to whoever does not keep to a rule: the words and codes of the subgraphs. */
export function refusal(asker: Asker, rule: Rule, path: readonly (string | number)[]): GraphQLError {
  const [code, message] = asker.kind === 'anonymous' ? ['UNAUTHENTICATED', 'Sign in first.'] : ['FORBIDDEN', lacking(rule)];
  return new GraphQLError(message, { path, extensions: { code } });
}
