import {
  type ArgumentNode,
  type DefinitionNode,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type TypeNode,
  type ValueNode,
  type VariableDefinitionNode,
} from 'graphql';
import { type Names, RESPONSE, VARIABLE } from './names.ts';

/** A document without what its author was free to choose: names, white space, comments. */
export interface Canonical {
  /** The same for documents that are renamings of each other. */
  readonly text: string;
  /** What the operation is called in it; undefined where it is the only one. */
  readonly operationName: string | undefined;
  readonly names: Names;
}

/** Gives names numbers, in the order in which they first come. */
function numbering(prefix: string) {
  const names: string[] = [];
  const numbers = new Map<string, string>();
  const numbered = (name: string): string => {
    const known = numbers.get(name);
    if (known !== undefined) return known;
    const made = prefix + (names.push(name) - 1);
    numbers.set(name, made);
    return made;
  };
  return { names, numbered };
}

type Executable = OperationDefinitionNode | FragmentDefinitionNode;

const isExecutable = ({ kind }: DefinitionNode): boolean => kind === Kind.OPERATION_DEFINITION || kind === Kind.FRAGMENT_DEFINITION;

/**
 * Names everything anew that a document's author has named: operations, fragments, variables, and the response names that some field has as an alias. A name
 * becomes the same everywhere in the document, different names become different ones, and no alias becomes a field's name; so the one document is valid
 * if and only if the other is, and asks for the same.
 * @returns null where something is defined that is no operation and no fragment
 */
export function canonical({ definitions }: DocumentNode, operation: OperationDefinitionNode): Canonical | null {
  if (!definitions.every(isExecutable)) return null;
  const responses = numbering(RESPONSE);
  const variables = numbering(VARIABLE);
  const fragments = numbering('f');
  const operations = numbering('o');
  const aliases = aliasesIn(definitions as readonly Executable[]);
  const isOnly = definitions.every((each) => each.kind !== Kind.OPERATION_DEFINITION || each === operation);

  const set = ({ selections }: SelectionSetNode): string => {
    let text = '{';
    for (const node of selections) text += text.length === 1 ? selection(node) : ` ${selection(node)}`;
    return `${text}}`;
  };

  const selection = (node: SelectionNode): string => {
    if (node.kind === Kind.FIELD) return field(node);
    if (node.kind === Kind.FRAGMENT_SPREAD) return `...${fragments.numbered(node.name.value)}${directives(node.directives)}`;
    const on = node.typeCondition ? `...on ${node.typeCondition.name.value}` : '...';
    return on + directives(node.directives) + set(node.selectionSet);
  };

  const field = (node: FieldNode): string => {
    const name = node.name.value;
    const response = node.alias === undefined ? name : node.alias.value;
    const own = aliases.has(response) ? `${responses.numbered(response)}:${name}` : name;
    return own + given(node.arguments) + directives(node.directives) + (node.selectionSet ? set(node.selectionSet) : '');
  };

  const given = (all: readonly ArgumentNode[] | undefined): string =>
    all === undefined || all.length === 0 ? '' : `(${all.map((each) => `${each.name.value}:${value(each.value)}`).join(' ')})`;

  const directives = (all: readonly DirectiveNode[] | undefined): string => {
    let text = '';
    for (const each of all ?? []) text += `@${each.name.value}${given(each.arguments)}`;
    return text;
  };

  const value = (node: ValueNode): string => {
    switch (node.kind) {
      case Kind.VARIABLE:
        return `$${variables.numbered(node.name.value)}`;
      case Kind.STRING:
        return JSON.stringify(node.value);
      case Kind.NULL:
        return 'null';
      case Kind.LIST:
        return `[${node.values.map(value).join(' ')}]`;
      case Kind.OBJECT:
        return `{${node.fields.map((each) => `${each.name.value}:${value(each.value)}`).join(' ')}}`;
      default:
        return String(node.value);
    }
  };

  const variable = (node: VariableDefinitionNode): string => {
    const standard = node.defaultValue ? `=${value(node.defaultValue)}` : '';
    return `${value(node.variable)}:${typeText(node.type)}${standard}${directives(node.directives)}`;
  };

  const definition = (node: Executable): string => {
    if (node.kind === Kind.FRAGMENT_DEFINITION)
      return `fragment ${fragments.numbered(node.name.value)} on ${node.typeCondition.name.value}${directives(node.directives)}${set(node.selectionSet)}`;
    const name = isOnly || !node.name ? '' : ` ${operations.numbered(node.name.value)}`;
    const defined = node.variableDefinitions ?? [];
    const head = `${node.operation}${name}${defined.length === 0 ? '' : `(${defined.map(variable).join(' ')})`}`;
    return head + directives(node.directives) + set(node.selectionSet);
  };

  const text = (definitions as readonly Executable[]).map(definition).join(' ');
  const operationName = isOnly || !operation.name ? undefined : operations.numbered(operation.name.value);
  return { text, operationName, names: { responses: responses.names, variables: variables.names } };
}

/** The response names that some field has only because it is called so. */
function aliasesIn(definitions: readonly Executable[]): ReadonlySet<string> {
  const aliases = new Set<string>();
  const look = ({ selections }: SelectionSetNode): void => {
    for (const node of selections) {
      if (node.kind === Kind.FIELD && node.alias !== undefined && node.alias.value !== node.name.value) aliases.add(node.alias.value);
      if (node.kind !== Kind.FRAGMENT_SPREAD && node.selectionSet) look(node.selectionSet);
    }
  };
  for (const { selectionSet } of definitions) look(selectionSet);
  return aliases;
}

const typeText = (type: TypeNode): string => {
  if (type.kind === Kind.NAMED_TYPE) return type.name.value;
  return type.kind === Kind.LIST_TYPE ? `[${typeText(type.type)}]` : `${typeText(type.type)}!`;
};
