import { Kind, type NameNode, parse, print, visit } from 'graphql';
import type { Result } from '../engine/engine.ts';
import type { Operation } from './operations.ts';
import type { Random } from './random.ts';

const named = (value: string): NameNode => ({ kind: Kind.NAME, value });

/** Names that tempt: of fields and keys, of what objects inherit, of what the router itself calls so. */
const TEMPTING = [
  'id',
  'name',
  'title',
  'constructor',
  'toString',
  '__typename',
  '__a0',
  '__a1',
  'v0',
  'v1',
  'representations',
  '_entities',
];

/** New names for old ones: no two the same, none that `isTaken`. */
function renaming(random: Random, tempting: readonly string[], isTaken: (name: string, before: string) => boolean = () => false) {
  const names = new Map<string, string>();
  const used = new Set<string>();
  return {
    names,
    of(name: string): string {
      const known = names.get(name);
      if (known !== undefined) return known;
      const wish = random.once(2) ? random.of(tempting) : `r${random.integer(1_000_000)}`;
      const made = used.has(wish) || isTaken(wish, name) ? `r_${names.size}` : wish;
      names.set(name, made);
      used.add(made);
      return made;
    },
  };
}

/**
 * The same operation with other aliases and other names of variables, fragments and itself; written differently, too. It is answered alike, but for the
 * names: `as` puts the new ones into an answer to the first.
 */
export function renamed({ query, variables }: Operation, random: Random): { readonly operation: Operation; as(result: Result): Result } {
  const document = parse(query);
  const unaliased = new Set<string>();
  const called = new Map<string, Set<string>>();
  visit(document, {
    Field({ name, alias }) {
      if (alias) called.set(alias.value, (called.get(alias.value) ?? new Set()).add(name.value));
      else unaliased.add(name.value);
    },
  });
  // A field that is called what it is has no alias: that would be another operation.
  const isTaken = (name: string, before: string) => unaliased.has(name) || called.get(before)?.has(name) === true;
  const responses = renaming(random, [...TEMPTING, '__proto__'], isTaken);
  const own = renaming(random, TEMPTING);
  const changed = visit(document, {
    Field: (node) =>
      node.alias && !unaliased.has(node.alias.value) ? { ...node, alias: named(responses.of(node.alias.value)) } : undefined,
    Variable: (node) => ({ ...node, name: named(own.of(node.name.value)) }),
    FragmentSpread: (node) => ({ ...node, name: named(own.of(node.name.value)) }),
    FragmentDefinition: (node) => ({ ...node, name: named(own.of(node.name.value)) }),
    OperationDefinition: (node) => ({ ...node, name: named(node.name ? `Again${node.name.value}` : 'Alone') }),
  });
  const several = changed.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length > 1;
  const after = (name: string): string => responses.names.get(name) ?? name;
  const asIn = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(asIn);
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [after(key), asIn(each)]));
  };
  return {
    operation: {
      query: `# the same\n${print(changed).replaceAll('\n', ' ,\n')}`,
      variables: Object.fromEntries(Object.entries(variables).map(([name, value]) => [own.of(name), value])),
      operationName: several ? 'AgainNamed' : undefined,
    },
    as: ({ data, errors, ...rest }) => ({
      ...rest,
      ...(data === undefined ? {} : { data: asIn(data) as Result['data'] }),
      ...(errors && {
        errors: errors.map((error) => ({
          ...error,
          ...(error.path && { path: error.path.map((part) => (typeof part === 'string' ? after(part) : part)) }),
        })),
      }),
    }),
  };
}
