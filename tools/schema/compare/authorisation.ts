import { parse } from 'graphql';
import { type Authorisation, authorisationOf, type Rule } from '../../../router/engine/authorisation/rules.ts';
import type { Finding, Place } from '../finding.ts';
import type { Users } from './users.ts';

/** Somebody who has just what it took: nothing, an account, and of scopes and policies some. */
interface Somebody {
  readonly signedIn: boolean;
  readonly has: ReadonlySet<string>;
}

type Rules = readonly Rule[];

const NOBODY: Somebody = { signedIn: false, has: new Set() };
/** More ways to be let in are not looked at one by one. */
const MOST_WAYS = 256;

const keyOf = (kind: Rule['kind'], name: string): string => `${kind} ${name}`;

function keeps({ signedIn, has }: Somebody, rule: Rule): boolean {
  if (rule.kind === 'authenticated') return signedIn;
  return rule.anyOf.some((all) => all.every((name) => has.has(keyOf(rule.kind, name))));
}

/** Those who are just let in: each with the least that it takes. */
function letIn(rules: Rules): Somebody[] {
  return rules.reduce<Somebody[]>(
    (some, rule) => {
      if (rule.kind === 'authenticated') return some.map((each) => ({ ...each, signedIn: true }));
      const more = some.flatMap((each) =>
        rule.anyOf.map((all) => ({
          // Scopes are an account's.
          signedIn: each.signedIn || rule.kind === 'scopes',
          has: new Set([...each.has, ...all.map((name) => keyOf(rule.kind, name))]),
        })),
      );
      return more.slice(0, MOST_WAYS);
    },
    [NOBODY],
  );
}

/** Whether somebody was let in and is not any more. */
export const isTighter = (before: Rules, after: Rules): boolean =>
  letIn(before).some((somebody) => !after.every((rule) => keeps(somebody, rule)));

const told = (rule: Rule): string =>
  rule.kind === 'authenticated'
    ? '@authenticated'
    : `@${rule.kind === 'scopes' ? 'requiresScopes' : 'policy'}(${JSON.stringify(rule.anyOf)})`;
const all = (rules: Rules): string => (rules.length === 0 ? 'nothing' : rules.map(told).toSorted().join(' and '));

const rulesAt = ({ rules, ofField }: Authorisation, coordinate: string): Rules => {
  const [type = '', field = ''] = coordinate.split('.');
  const needed = ofField(type, field);
  return rules.filter((_, index) => needed.has(index));
};

/**
 * The fields that fewer, or more, may ask for than at the base. A base without any directive did not leave it to them who may ask: nothing is said of it.
 * @param fields their coordinates: what was there before and is there now
 */
export function authorisationChanges(
  before: string,
  after: string,
  fields: readonly string[],
  judge: { readonly place: (coordinate: string) => Place | undefined; readonly users: Users },
): Finding[] {
  if (before === after) return [];
  const [was, is] = [authorisationOf(parse(before)), authorisationOf(parse(after))];
  if (was.rules.length === 0) return [];
  return fields.flatMap((coordinate): Finding[] => {
    const [old, now] = [rulesAt(was, coordinate), rulesAt(is, coordinate)];
    const at = judge.place(coordinate);
    const message = `Field '${coordinate}' needs ${all(now)} instead of ${all(old)}`;
    if (isTighter(old, now)) {
      const used = judge.users([coordinate]);
      return [
        {
          check: 'compare',
          rule: 'field-guarded',
          severity: used.length > 0 ? 'error' : 'info',
          change: 'breaking',
          message,
          for: used.length > 0 ? used.join('; ') : 'no known operation uses it',
          ...(used.length > 0 && {
            mend: 'let in who was let in, until nobody of them asks; or accept it, with this message, in schema/accepted-changes.yaml',
          }),
          ...(at && { at }),
        },
      ];
    }
    if (!isTighter(now, old)) return [];
    return [{ check: 'compare', rule: 'field-opened', severity: 'info', change: 'safe', message, ...(at && { at }) }];
  });
}
