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

/** New names for old ones: no two the same, none of those that are taken. */
function renaming(random: Random, tempting: readonly string[], taken: ReadonlySet<string>) {
  const names = new Map<string, string>();
  const used = new Set(taken);
  return {
    names,
    of(name: string): string {
      const known = names.get(name);
      if (known !== undefined) return known;
      const wish = random.once(2) ? random.of(tempting) : `r${random.integer(1_000_000)}`;
      const made = used.has(wish) ? `r_${names.size}` : wish;
      names.set(name, made);
      used.add(made);
      return made;
    },
  };
}

/**
 * The same operation with other aliases and other names of variables, fragments and itself; written differently, too. It is answered alike, but for the
 * names: `back` puts the first ones into an answer to it.
 */
export function renamed({ query, variables }: Operation, random: Random): { readonly operation: Operation; back(result: Result): Result } {
  const document = parse(query);
  const fields = new Set<string>();
  visit(document, { Field: ({ name, alias }) => void (alias ? undefined : fields.add(name.value)) });
  const responses = renaming(random, [...TEMPTING, '__proto__'], fields);
  const own = renaming(random, TEMPTING, new Set());
  const changed = visit(document, {
    // What some field is called without an alias, it is called with one.
    Field: (node) => (node.alias && !fields.has(node.alias.value) ? { ...node, alias: named(responses.of(node.alias.value)) } : undefined),
    Variable: (node) => ({ ...node, name: named(own.of(node.name.value)) }),
    FragmentSpread: (node) => ({ ...node, name: named(own.of(node.name.value)) }),
    FragmentDefinition: (node) => ({ ...node, name: named(own.of(node.name.value)) }),
    OperationDefinition: (node) => ({ ...node, name: named(node.name ? `Again${node.name.value}` : 'Alone') }),
  });
  const several = changed.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length > 1;
  const first = new Map([...responses.names].map(([before, after]) => [after, before]));
  const backIn = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(backIn);
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [first.get(key) ?? key, backIn(each)]));
  };
  return {
    operation: {
      query: `# the same\n${print(changed).replaceAll('\n', ' ,\n')}`,
      variables: Object.fromEntries(Object.entries(variables).map(([name, value]) => [own.of(name), value])),
      operationName: several ? 'AgainNamed' : undefined,
    },
    back: ({ data, errors, ...rest }) => ({
      ...rest,
      ...(data === undefined ? {} : { data: backIn(data) as Result['data'] }),
      ...(errors
        ? {
            errors: errors.map((error) =>
              error.path
                ? { ...error, path: error.path.map((part) => (typeof part === 'string' ? (first.get(part) ?? part) : part)) }
                : error,
            ),
          }
        : {}),
    }),
  };
}
