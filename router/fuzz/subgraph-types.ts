import { type ConstDirectiveNode, Kind, parse, type SelectionSetNode, type TypeNode, visit } from 'graphql';

/** A field as one subgraph defines it. */
export interface FieldDefinition {
  readonly subgraph: string;
  readonly type: TypeNode;
  readonly external: boolean;
  /** What it needs of other subgraphs. */
  readonly requires: SelectionSetNode | undefined;
}

/** What the subgraphs' SDL says about keys, fields and interface objects. */
export interface SubgraphTypes {
  /** By `Type.field`. */
  readonly fields: ReadonlyMap<string, readonly FieldDefinition[]>;
  /** By type, in any subgraph. */
  readonly keys: ReadonlyMap<string, readonly SelectionSetNode[]>;
  /** By subgraph, of its types that have keys. */
  readonly entities: ReadonlyMap<string, readonly string[]>;
  /** By subgraph: interfaces that it knows as objects. */
  readonly interfaceObjects: ReadonlyMap<string, ReadonlySet<string>>;
  /** The object types that a subgraph can answer where it says `type`. */
  possible(subgraph: string, type: string): readonly string[];
  /** Names of fields in some key or `@requires`. */
  readonly needed: ReadonlySet<string>;
}

type Directed = { readonly directives?: readonly ConstDirectiveNode[] | undefined };

const all = ({ directives = [] }: Directed, name: string) => directives.filter((directive) => directive.name.value === name);

/** A set of fields: `id owner { id }`. */
function fieldSet(directive: ConstDirectiveNode | undefined): SelectionSetNode | undefined {
  const value = directive?.arguments?.find(({ name }) => name.value === 'fields')?.value;
  if (value?.kind !== Kind.STRING) return undefined;
  const [definition] = parse(`{ ${value.value} }`, { noLocation: true }).definitions;
  return definition?.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet : undefined;
}

export function subgraphTypes(sdl: Readonly<Record<string, string>>): SubgraphTypes {
  const fields = new Map<string, FieldDefinition[]>();
  const keys = new Map<string, SelectionSetNode[]>();
  const entities = new Map<string, string[]>();
  const interfaceObjects = new Map<string, Set<string>>();
  const members = new Map<string, string[]>();
  const needed = new Set<string>();
  const member = (subgraph: string, of: string, type: string) => {
    const name = `${subgraph} ${of}`;
    members.set(name, [...(members.get(name) ?? []), type]);
  };
  const need = (set: SelectionSetNode) => visit(set, { Field: ({ name }) => void needed.add(name.value) });

  for (const [subgraph, text] of Object.entries(sdl)) {
    entities.set(subgraph, []);
    interfaceObjects.set(subgraph, new Set());
    for (const type of parse(text, { noLocation: true }).definitions) {
      if (type.kind === Kind.UNION_TYPE_DEFINITION) for (const { name } of type.types ?? []) member(subgraph, type.name.value, name.value);
      if (!('fields' in type) || !('interfaces' in type)) continue;
      if (type.kind === Kind.OBJECT_TYPE_DEFINITION)
        for (const { name } of type.interfaces ?? []) member(subgraph, name.value, type.name.value);
      const own = all(type, 'key').flatMap((key) => fieldSet(key) ?? []);
      for (const key of own) need(key);
      keys.set(type.name.value, [...(keys.get(type.name.value) ?? []), ...own]);
      if (own.length > 0) entities.get(subgraph)?.push(type.name.value);
      if (all(type, 'interfaceObject').length > 0) interfaceObjects.get(subgraph)?.add(type.name.value);
      for (const field of type.fields ?? []) {
        const requires = fieldSet(all(field, 'requires')[0]);
        if (requires) need(requires);
        const name = `${type.name.value}.${field.name.value}`;
        const definition = { subgraph, type: field.type, external: all(field, 'external').length > 0, requires };
        fields.set(name, [...(fields.get(name) ?? []), definition]);
      }
    }
  }
  const possible = (subgraph: string, type: string) => members.get(`${subgraph} ${type}`) ?? [type];
  return { fields, keys, entities, interfaceObjects, possible, needed };
}
