import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  type TypeNode,
  type ValueNode,
} from 'graphql';
import type { DocumentSettings } from '../settings/documents.ts';
import { beyond, type Refusal, refusal } from './refusals.ts';

export type ExamineSettings = Pick<
  DocumentSettings,
  | 'documentDepth'
  | 'documentFields'
  | 'documentRootFields'
  | 'documentAliases'
  | 'documentDirectives'
  | 'fieldDirectives'
  | 'documentDefinitions'
  | 'documentRepetitions'
  | 'introspection'
>;

/** Fields of one scope that have the same name in the answer. */
interface Same {
  fields: number;
  /** Of the fields and their arguments. */
  size: number;
}

/**
 * Looks at a document before it is validated, and needs no schema: in fewer steps than `documentFields` it is known whether validating and planning it is cheap. Answers
 * what is wrong, or undefined.
 */
export function examine(document: DocumentNode, settings: ExamineSettings): GraphQLError | undefined {
  try {
    count(document, settings);
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
  return undefined;
}

function count(document: DocumentNode, settings: ExamineSettings): void {
  const found = new Map<Refusal, number>();
  const add = (code: Refusal, what: string, limit: number, more = 1): void => {
    const sum = (found.get(code) ?? 0) + more;
    found.set(code, sum);
    if (sum > limit) throw beyond(code, what, limit, sum);
  };
  const deep = (levels: number): void => {
    if (levels > settings.documentDepth) throw beyond('DOCUMENT_TOO_DEEP', 'Levels of the document', settings.documentDepth, levels);
  };
  const directives = (node: Pick<SelectionNode, 'directives'>): void => {
    const { length } = node.directives ?? [];
    if (length === 0) return;
    if (length > settings.fieldDirectives) throw beyond('TOO_MANY_DIRECTIVES', 'Directives at one place', settings.fieldDirectives, length);
    add('TOO_MANY_DIRECTIVES', 'Directives', settings.documentDirectives, length);
  };

  function sizeOf(value: ValueNode, level: number): number {
    if (value.kind !== Kind.LIST && value.kind !== Kind.OBJECT) return 1;
    deep(level);
    const parts = value.kind === Kind.LIST ? value.values : value.fields.map((field) => field.value);
    return parts.reduce((sum, part) => sum + sizeOf(part, level + 1), 1);
  }

  function lists(type: TypeNode): void {
    let level = 0;
    for (let of = type; of.kind !== Kind.NAMED_TYPE; of = of.type) if (of.kind === Kind.LIST_TYPE) deep(++level);
  }

  const definitions = document.definitions.length;
  if (definitions > settings.documentDefinitions)
    throw beyond('TOO_MANY_DEFINITIONS', 'Definitions', settings.documentDefinitions, definitions);
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const reached = new Set<string>();

  function field(node: FieldNode): number {
    if (node.alias && node.alias.value !== node.name.value) add('TOO_MANY_ALIASES', 'Aliases', settings.documentAliases);
    if ((node.name.value === '__schema' || node.name.value === '__type') && settings.introspection === 'off')
      throw refusal('INTROSPECTION_DISABLED', 'Introspection is off here.');
    return (node.arguments ?? []).reduce((sum, { value }) => sum + sizeOf(value, 1), 1);
  }

  /** What is merged into one object of the answer, or of the objects of one type there. Answers how many fields it has. */
  function scope(sets: readonly SelectionSetNode[], depth: number): number {
    deep(depth);
    const below = new Map<string, SelectionSetNode[]>();
    const same = new Map<string, Same>();
    const spread = new Set<string>();

    function collect(set: SelectionSetNode, within: string, nesting: number): void {
      deep(nesting);
      for (const node of set.selections) {
        add('TOO_MANY_FIELDS', 'Fields and fragment spreads', settings.documentFields);
        directives(node);
        if (node.kind === Kind.INLINE_FRAGMENT) collect(node.selectionSet, node.typeCondition?.name.value ?? within, nesting + 1);
        else if (node.kind === Kind.FRAGMENT_SPREAD) {
          const fragment = fragments.get(node.name.value);
          if (!fragment || spread.has(node.name.value)) continue;
          spread.add(node.name.value);
          reached.add(node.name.value);
          collect(fragment.selectionSet, fragment.typeCondition.name.value, nesting + 1);
        } else {
          const name = node.alias?.value ?? node.name.value;
          const size = field(node);
          const known = same.get(name);
          if (!known) same.set(name, { fields: 1, size });
          else {
            known.fields++;
            known.size += size;
          }
          if (!node.selectionSet) continue;
          const key = `${within} ${name}`;
          const others = below.get(key);
          if (others) others.push(node.selectionSet);
          else below.set(key, [node.selectionSet]);
        }
      }
    }

    for (const set of sets) collect(set, '', 0);
    for (const { fields, size } of same.values())
      if (fields > 1) add('TOO_MANY_REPETITIONS', 'Repetitions of a name', settings.documentRepetitions, (fields - 1) * size);
    for (const inner of below.values()) scope(inner, depth + 1);
    return same.size;
  }

  for (const node of document.definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION) continue;
    directives(node);
    for (const { defaultValue, type, ...variable } of node.variableDefinitions ?? []) {
      directives(variable);
      lists(type);
      if (defaultValue) sizeOf(defaultValue, 1);
    }
    const roots = scope([node.selectionSet], 1);
    if (roots > settings.documentRootFields) throw beyond('TOO_MANY_ROOT_FIELDS', 'Fields at the top', settings.documentRootFields, roots);
  }
  for (const [name, fragment] of fragments) {
    directives(fragment);
    if (!reached.has(name)) scope([fragment.selectionSet], 1);
  }
}
