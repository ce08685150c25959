import {
  type ArgumentNode,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  type SchemaDefinitionNode,
  type SelectionSetNode,
  type TypeNode,
  visit,
} from 'graphql';

/** A field with arguments that some `@requires` asks for. */
export interface StandIn {
  readonly field: string;
  readonly arguments: readonly ArgumentNode[];
}

/**
 * Fields that stand in for what `@requires` asks for with arguments: the planner knows a field by its name alone, and would take a client's `price` for the
 * `price(currency: "USD")` that is required, or one required price for another. With names of their own they are different fields to it.
 */
export interface RequiredFields {
  /** The supergraph to plan with. */
  readonly supergraph: DocumentNode;
  /** By their names. */
  readonly standIns: ReadonlyMap<string, StandIn>;
  /** Those that a field requires, by `Type.field`. */
  readonly requiredBy: ReadonlyMap<string, ReadonlySet<string>>;
}

type Fields = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

const INACCESSIBLE = `
  schema @link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY) { query: Query }
  directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION`;

const namedIn = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : namedIn(type.type));
const hasFields = (node: { readonly kind: string }): node is Fields =>
  node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION;

/** Gives every field that is required, and has arguments, a stand-in. */
export function withStandIns(supergraph: DocumentNode): RequiredFields {
  const types = new Map(supergraph.definitions.filter(hasFields).map((type) => [type.name.value, type]));
  const standIns = new Map<string, StandIn>();
  const names = new Map<string, string>();
  const requiredBy = new Map<string, Set<string>>();

  const standInOf = (field: string, given: readonly ArgumentNode[]): string => {
    const sorted = [...given].sort((one, other) => (one.name.value < other.name.value ? -1 : 1));
    const key = `${field}(${sorted.map(print).join()})`;
    const name = names.get(key) ?? `${field}__required${names.size}`;
    names.set(key, name);
    standIns.set(name, { field, arguments: given });
    return name;
  };

  function replaced(set: SelectionSetNode, type: Fields | undefined, used: Set<string>): SelectionSetNode {
    const selections = set.selections.map((node) => {
      if (node.kind === Kind.FRAGMENT_SPREAD) return node;
      if (node.kind === Kind.INLINE_FRAGMENT) {
        const on = node.typeCondition ? types.get(node.typeCondition.name.value) : type;
        return { ...node, selectionSet: replaced(node.selectionSet, on, used) };
      }
      const field = type?.fields?.find(({ name }) => name.value === node.name.value);
      const below = node.selectionSet && { selectionSet: replaced(node.selectionSet, field && types.get(namedIn(field.type)), used) };
      if (!field || (field.arguments ?? []).length === 0) return { ...node, ...below };
      const name = standInOf(node.name.value, node.arguments ?? []);
      used.add(name);
      return { ...node, name: { kind: Kind.NAME as const, value: name }, arguments: [], ...below };
    });
    return { ...set, selections };
  }

  const withRequires = (type: Fields): Fields => ({
    ...type,
    fields: type.fields?.map((field) => {
      const used = new Set<string>();
      const directives = field.directives?.map((directive) => requiring(directive, (set) => replaced(set, type, used)));
      if (used.size > 0) requiredBy.set(`${type.name.value}.${field.name.value}`, used);
      return used.size > 0 ? { ...field, directives } : field;
    }),
  });

  const changed = supergraph.definitions.map((node) => (hasFields(node) ? withRequires(node) : node));
  if (standIns.size === 0) return { supergraph, standIns, requiredBy };
  const definitions = changed.map((node) => (hasFields(node) ? withFields(node, standIns) : node));
  return { supergraph: linked({ ...supergraph, definitions }), standIns, requiredBy };
}

/** The directive with another selection of what is required. */
function requiring(directive: ConstDirectiveNode, change: (set: SelectionSetNode) => SelectionSetNode): ConstDirectiveNode {
  if (directive.name.value !== 'join__field') return directive;
  return {
    ...directive,
    arguments: directive.arguments?.map((argument) => {
      if (argument.name.value !== 'requires' || argument.value.kind !== Kind.STRING) return argument;
      const [operation] = parse(`{ ${argument.value.value} }`, { noLocation: true }).definitions;
      if (operation?.kind !== Kind.OPERATION_DEFINITION) return argument;
      const value = print(change(operation.selectionSet)).slice(1, -1);
      return { ...argument, value: { kind: Kind.STRING, value } };
    }),
  };
}

function withFields(type: Fields, standIns: ReadonlyMap<string, StandIn>): Fields {
  const inaccessible: ConstDirectiveNode = { kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: 'inaccessible' } };
  const added = [...standIns].flatMap(([name, standIn]): FieldDefinitionNode[] => {
    const field = type.fields?.find((each) => each.name.value === standIn.field);
    if (!field || (field.arguments ?? []).length === 0) return [];
    const directives = [...(field.directives ?? []).filter((each) => each.name.value !== 'inaccessible'), inaccessible];
    return [{ ...field, name: { kind: Kind.NAME, value: name }, arguments: [], directives }];
  });
  return added.length === 0 ? type : { ...type, fields: [...(type.fields ?? []), ...added] };
}

/** Clients are not to see the stand-ins: `@inaccessible` is defined, if it was not. */
function linked(supergraph: DocumentNode): DocumentNode {
  const isDefined = supergraph.definitions.some((node) => node.kind === Kind.DIRECTIVE_DEFINITION && node.name.value === 'inaccessible');
  if (isDefined) return supergraph;
  const [schema, directive] = parse(INACCESSIBLE, { noLocation: true }).definitions as [
    SchemaDefinitionNode,
    DocumentNode['definitions'][0],
  ];
  const document = visit(supergraph, {
    SchemaDefinition: (node) => ({ ...node, directives: [...(node.directives ?? []), ...(schema.directives ?? [])] }),
  });
  return { ...document, definitions: [...document.definitions, directive] };
}

/** A subgraph's operation with what stands in for its fields replaced by them: `price__required0: price(currency: "USD")`. */
export function withoutStandIns(operation: string, standIns: ReadonlyMap<string, StandIn>): string {
  if (standIns.size === 0 || !operation.includes('__required')) return operation;
  const document = visit(parse(operation, { noLocation: true }), {
    Field(node) {
      const standIn = standIns.get(node.name.value);
      if (!standIn) return undefined;
      const name = { kind: Kind.NAME as const, value: standIn.field };
      return { ...node, alias: node.alias ?? node.name, name, arguments: standIn.arguments };
    },
  });
  return print(document);
}
