import type { FieldNode, GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { Recent } from '../../recent.ts';
import { type Planned, type Prepared, prepareAllowed, prepared } from '../prepare.ts';
import type { Refusal } from '../shape.ts';
import type { Supergraph } from '../supergraph.ts';
import { type Asker, keeps, type Policies, refusal } from './rights.ts';
import type { Rule } from './rules.ts';

/** Of one operation: for so many sets of rules that somebody did not keep to, what is left of it is remembered. */
const REMEMBERED = 16;
/** More of the same field would tell nothing new. */
const MOST_OF_A_FIELD = 25;

/** Lets everybody have of an operation what they may. A plan is made for each set of rules that are not kept, not for each who asks. */
export function authorising(supergraph: Supergraph, policies: Policies, log: Logger) {
  const { rules } = supergraph.authorisation;
  const planned = new WeakMap<Planned, Recent<string, Planned>>();
  const made = new WeakMap<Prepared, Recent<string, Prepared>>();

  const named = rules.flatMap((rule) => (rule.kind === 'policies' ? rule.anyOf.flat() : []));
  const unknown = [...new Set(named)].filter((name) => !Object.hasOwn(policies, name));
  if (unknown.length > 0)
    log.warn({ policies: unknown }, 'the supergraph names policies that are not there: what needs them is refused to all');

  const ruleAt = (index: number): Rule => rules[index] as Rule;

  function refusedIn({ demands }: Planned, broken: readonly number[]): Map<FieldNode, number> {
    const refused = new Map<FieldNode, number>();
    for (const [node, needed] of demands?.fields ?? []) {
      const first = broken.find((rule) => needed.has(rule));
      if (first !== undefined) refused.set(node, first);
    }
    return refused;
  }

  /** What is made of a thing once for each set of broken rules. */
  function once<Of extends object, Made>(of: WeakMap<Of, Recent<string, Made>>, thing: Of, key: string, make: () => Made): Made {
    let known = of.get(thing);
    if (!known) {
      known = new Recent(REMEMBERED);
      of.set(thing, known);
    }
    let left = known.get(key);
    if (left === undefined) {
      left = make();
      known.set(key, left);
    }
    return left;
  }

  function leftOf(operation: Prepared, broken: readonly number[]): Prepared {
    const key = broken.join();
    return once(made, operation, key, () => {
      const { planned: whole, ...asked } = operation;
      const left = once(planned, whole, key, () => prepareAllowed(supergraph, whole, refusedIn(whole, broken)));
      return prepared(asked, left);
    });
  }

  return {
    /** The operation without what is refused to whoever asks; the operation itself where nothing is. */
    authorised(operation: Prepared, asker: Asker): Prepared {
      const { demands } = operation.planned;
      if (demands === null) return operation;
      const broken = demands.rules.filter((index) => !keeps(asker, ruleAt(index), policies));
      if (broken.length === 0) return operation;
      const left = leftOf(operation, broken);
      if (operation.source && !left.source) throw refusal(asker, ruleAt(broken[0] ?? 0), [operation.source.field]);
      return left;
    },

    /** The errors for what is null because it is refused. */
    refusals(found: readonly Refusal[], asker: Asker): GraphQLFormattedError[] {
      const told = new Map<string, number>();
      return found.flatMap(({ where, rule, path }) => {
        const before = told.get(where) ?? 0;
        told.set(where, before + 1);
        return before < MOST_OF_A_FIELD ? refusal(asker, ruleAt(rule), path).toJSON() : [];
      });
    },
  };
}
