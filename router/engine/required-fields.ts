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
  stripIgnoredCharacters,
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
  /** The names of all that a field requires, by `Type.field`. */
  readonly requiredBy: ReadonlyMap<string, ReadonlySet<string>>;
  /** The names of the fields that are in some key of a type. */
  readonly keys: ReadonlyMap<string, ReadonlySet<string>>;
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
      const hasArguments = (field?.arguments ?? []).length > 0;
      const name = hasArguments ? standInOf(node.name.value, node.arguments ?? []) : node.name.value;
      used.add(name);
      if (!hasArguments) return { ...node, ...below };
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
      return [...used].some((name) => standIns.has(name)) ? { ...field, directives } : field;
    }),
  });

  const changed = supergraph.definitions.map((node) => (hasFields(node) ? withRequires(node) : node));
  const keys = new Map([...types].map(([name, type]) => [name, keysOf(type)]));
  if (standIns.size === 0) return { supergraph, standIns, requiredBy, keys };
  for (const { name, fields = [] } of types.values())
    for (const [standIn, { field }] of standIns) {
      const required = requiredBy.get(`${name.value}.${field}`);
      if (required && fields.some((each) => each.name.value === field)) requiredBy.set(`${name.value}.${standIn}`, required);
    }
  const definitions = changed.map((node) => (hasFields(node) ? withFields(node, standIns) : node));
  return { supergraph: linked({ ...supergraph, definitions }), standIns, requiredBy, keys };
}

/** Reads a directive's set of fields. */
function fieldSet({ arguments: given }: ConstDirectiveNode, name: string): SelectionSetNode | undefined {
  const value = given?.find((argument) => argument.name.value === name)?.value;
  if (value?.kind !== Kind.STRING) return undefined;
  const [operation] = parse(`{ ${value.value} }`, { noLocation: true }).definitions;
  return operation?.kind === Kind.OPERATION_DEFINITION ? operation.selectionSet : undefined;
}

function keysOf({ directives = [] }: Fields): ReadonlySet<string> {
  const sets = directives.flatMap((directive) => (directive.name.value === 'join__type' ? (fieldSet(directive, 'key') ?? []) : []));
  return new Set(sets.flatMap(({ selections }) => selections.flatMap((node) => (node.kind === Kind.FIELD ? node.name.value : []))));
}

/** The directive with another selection of what is required. */
function requiring(directive: ConstDirectiveNode, change: (set: SelectionSetNode) => SelectionSetNode): ConstDirectiveNode {
  const required = directive.name.value === 'join__field' ? fieldSet(directive, 'requires') : undefined;
  if (!required) return directive;
  const value = { kind: Kind.STRING as const, value: print(change(required)).slice(1, -1) };
  return { ...directive, arguments: directive.arguments?.map((each) => (each.name.value === 'requires' ? { ...each, value } : each)) };
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
  return stripIgnoredCharacters(print(document));
}
