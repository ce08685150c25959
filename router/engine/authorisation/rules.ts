import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  parse,
  type SelectionSetNode,
  type TypeNode,
  valueFromASTUntyped,
} from 'graphql';
import { type Names, namesIn } from './directives.ts';

/** One thing that is asked of whoever asks. `anyOf`: all that is in one of these. */
export type Rule =
  | { readonly kind: 'authenticated' }
  | { readonly kind: 'scopes'; readonly anyOf: AnyOf }
  | { readonly kind: 'policies'; readonly anyOf: AnyOf };

export type AnyOf = readonly (readonly string[])[];

/** Rules by their place in {@link Authorisation.rules}. */
export type RuleSet = ReadonlySet<number>;

/** What a supergraph asks of whoever asks. */
export interface Authorisation {
  readonly rules: readonly Rule[];
  /**
   * What a field of an object type or an interface needs: its own directives, those of its type and of the type that it answers with, those of the fields that it
   * `@requires`, and of an interface's field what it needs in each type that it may be.
   */
  ofField(type: string, field: string): RuleSet;
  /** What all types together need that an interface or a union may be. */
  ofMembers(type: string): RuleSet;
}

interface Field {
  readonly answers: string;
  readonly own: RuleSet;
  readonly required: readonly SelectionSetNode[];
}

interface Type {
  readonly own: RuleSet;
  readonly fields: ReadonlyMap<string, Field>;
  /** The object types that it may be; null when it is not abstract. */
  readonly members: readonly string[] | null;
}

const NONE: RuleSet = new Set();

const named = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : named(type.type));

/** Collects rules, each once. */
function collecting(names: Names) {
  const rules: Rule[] = [];
  const known = new Map<string, number>();
  const add = (rule: Rule): number => {
    const key = JSON.stringify(rule);
    const index = known.get(key) ?? rules.push(rule) - 1;
    known.set(key, index);
    return index;
  };
  const listed = ({ arguments: given = [] }: ConstDirectiveNode): AnyOf => {
    const value = given[0] && (valueFromASTUntyped(given[0].value) as AnyOf);
    return value ?? [];
  };
  return {
    rules,
    of(directives: readonly ConstDirectiveNode[] = []): RuleSet {
      const found = directives.flatMap((directive): number[] => {
        switch (directive.name.value) {
          case names.authenticated:
            return [add({ kind: 'authenticated' })];
          case names.requiresScopes:
            return [add({ kind: 'scopes', anyOf: listed(directive) })];
          case names.policy:
            return [add({ kind: 'policies', anyOf: listed(directive) })];
          default:
            return [];
        }
      });
      return found.length === 0 ? NONE : new Set(found);
    },
  };
}

/** What a field requires of its type's other subgraphs. */
function requiredIn({ directives = [] }: FieldDefinitionNode): SelectionSetNode[] {
  return directives.flatMap((directive) => {
    const value = directive.name.value === 'join__field' && directive.arguments?.find(({ name }) => name.value === 'requires')?.value;
    if (!value || value.kind !== Kind.STRING) return [];
    const [operation] = parse(`{ ${value.value} }`, { noLocation: true }).definitions;
    return operation?.kind === Kind.OPERATION_DEFINITION ? [operation.selectionSet] : [];
  });
}

/** Reads the directives of a supergraph that has them still. */
export function authorisationOf(supergraph: DocumentNode): Authorisation {
  const collected = collecting(namesIn(supergraph));
  const types = new Map<string, Type>();
  const implementing = (name: string) =>
    supergraph.definitions.flatMap((node) =>
      node.kind === Kind.OBJECT_TYPE_DEFINITION && node.interfaces?.some((each) => each.name.value === name) ? node.name.value : [],
    );
  for (const node of supergraph.definitions) {
    if (node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION) {
      const fields = (node.fields ?? []).map((field): [string, Field] => [
        field.name.value,
        { answers: named(field.type), own: collected.of(field.directives), required: requiredIn(field) },
      ]);
      const members = node.kind === Kind.INTERFACE_TYPE_DEFINITION ? implementing(node.name.value) : null;
      types.set(node.name.value, { own: collected.of(node.directives), fields: new Map(fields), members });
    } else if (node.kind === Kind.UNION_TYPE_DEFINITION) {
      const members = (node.types ?? []).map(({ name }) => name.value);
      types.set(node.name.value, { own: NONE, fields: new Map(), members });
    } else if (node.kind === Kind.SCALAR_TYPE_DEFINITION || node.kind === Kind.ENUM_TYPE_DEFINITION) {
      types.set(node.name.value, { own: collected.of(node.directives), fields: new Map(), members: null });
    }
  }
  return { rules: collected.rules, ...over(types, collected.rules) };
}

function over(types: ReadonlyMap<string, Type>, rules: readonly Rule[]): Pick<Authorisation, 'ofField' | 'ofMembers'> {
  const fields = new Map<string, RuleSet>();

  const ofMembers = (name: string): RuleSet => {
    const type = types.get(name);
    const members = (type?.members ?? []).map((each) => types.get(each)?.own ?? NONE);
    return members.reduce((all, each) => all.union(each), type?.own ?? NONE);
  };

  /** Of a type that a field answers with. An interface has, by composition, what its types have: that counts where its own fields are asked for. */
  const ofAnswer = (name: string): RuleSet => {
    const type = types.get(name);
    if (!type || type.members === null || type.own.size === 0) return type?.own ?? NONE;
    const kinds = new Set(type.members.flatMap((each) => [...(types.get(each)?.own ?? NONE)].map((rule) => rules[rule]?.kind)));
    return new Set([...type.own].filter((rule) => !kinds.has(rules[rule]?.kind)));
  };

  const ofSelection = (set: SelectionSetNode, name: string): RuleSet =>
    set.selections.reduce((all, node) => {
      if (node.kind === Kind.FRAGMENT_SPREAD) return all;
      if (node.kind === Kind.INLINE_FRAGMENT) return all.union(ofSelection(node.selectionSet, node.typeCondition?.name.value ?? name));
      const answers = types.get(name)?.fields.get(node.name.value)?.answers;
      const below = node.selectionSet && answers ? ofSelection(node.selectionSet, answers) : NONE;
      return all.union(ofField(name, node.name.value)).union(below);
    }, NONE);

  function ofField(typeName: string, name: string): RuleSet {
    const key = `${typeName}.${name}`;
    const known = fields.get(key);
    if (known) return known;
    const type = types.get(typeName);
    const field = type?.fields.get(name);
    if (!type || !field) return NONE;
    // Where requirements go round in a circle, the first one of them ends with this.
    fields.set(key, NONE);
    const parts = [
      field.own,
      ofAnswer(field.answers),
      type.members === null ? type.own : NONE,
      ...(type.members ?? []).map((member) => ofField(member, name)),
      ...field.required.map((set) => ofSelection(set, typeName)),
    ];
    const all = parts.reduce((one, other) => one.union(other), NONE);
    fields.set(key, all);
    return all;
  }

  return { ofField, ofMembers };
}
