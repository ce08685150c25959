import {
  type ConstDirectiveNode,
  type ConstValueNode,
  type DocumentNode,
  type EnumTypeDefinitionNode,
  Kind,
  valueFromASTUntyped,
  visit,
} from 'graphql';

/** Whose an answer is: everybody's, or the account's that asked. */
export type Scope = 'PUBLIC' | 'PRIVATE';

/** What `@cacheControl` says of a field, or of what is of a type. */
export interface Hint {
  /** Seconds. */
  readonly maxAge?: number | undefined;
  readonly scope?: Scope | undefined;
  readonly inheritMaxAge?: boolean | undefined;
}

/** What a subgraph's SDL says, by `Type` and `Type.field`. */
export type Hints = ReadonlyMap<string, Hint>;

/** How a supergraph carries a subgraph's `@cacheControl`: `@join__directive(graphs: […], name: "cacheControl", args: {…})`. */
const CARRIER = 'join__directive';
const NAME = 'cacheControl';

const argument = (directive: ConstDirectiveNode, name: string): ConstValueNode | undefined =>
  directive.arguments?.find((given) => given.name.value === name)?.value;

const isHint = (directive: ConstDirectiveNode): boolean => {
  const name = directive.name.value === CARRIER ? argument(directive, 'name') : undefined;
  return name?.kind === Kind.STRING && name.value === NAME;
};

/** `PAYMENT_METHODS` → `payment-methods` */
function subgraphNames(supergraph: DocumentNode): ReadonlyMap<string, string> {
  const graphs = supergraph.definitions.find(
    (node): node is EnumTypeDefinitionNode => node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === 'join__Graph',
  );
  return new Map(
    (graphs?.values ?? []).map(({ name, directives = [] }) => {
      const graph = directives.find((directive) => directive.name.value === 'join__graph');
      const told = graph && argument(graph, 'name');
      return [name.value, told?.kind === Kind.STRING ? told.value : name.value];
    }),
  );
}

/** Takes the hints out of a supergraph, in which the planner has no use for them. `supergraph` is the same document where it has none. */
export function takeHints(document: DocumentNode): { readonly supergraph: DocumentNode; readonly hints: ReadonlyMap<string, Hints> } {
  const names = subgraphNames(document);
  const hints = new Map<string, Map<string, Hint>>();

  function take<Node extends { readonly directives?: readonly ConstDirectiveNode[] | undefined }>(node: Node, place: string): Node {
    const own = (node.directives ?? []).filter(isHint);
    if (own.length === 0) return node;
    for (const directive of own) {
      const graphs = argument(directive, 'graphs');
      const args = argument(directive, 'args');
      const hint = (args ? valueFromASTUntyped(args) : {}) as Hint;
      for (const graph of graphs?.kind === Kind.LIST ? graphs.values : []) {
        const subgraph = graph.kind === Kind.ENUM ? (names.get(graph.value) ?? graph.value) : '';
        hints.set(subgraph, (hints.get(subgraph) ?? new Map<string, Hint>()).set(place, hint));
      }
    }
    return { ...node, directives: node.directives?.filter((directive) => !isHint(directive)) };
  }

  const supergraph: DocumentNode = {
    ...document,
    definitions: document.definitions.map((node) => {
      if (node.kind === Kind.UNION_TYPE_DEFINITION) return take(node, node.name.value);
      if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) return node;
      const type = take(node, node.name.value);
      const fields = type.fields?.map((field) => take(field, `${node.name.value}.${field.name.value}`));
      return { ...type, ...(fields ? { fields } : {}) };
    }),
  };
  return hints.size === 0 ? { supergraph: document, hints } : { supergraph, hints };
}

/** A subgraph's SDL without `@cacheControl`, which composition would forget, and the scope's enum, which it would show to clients. */
export const withoutHints = (sdl: DocumentNode): DocumentNode =>
  visit(sdl, {
    Directive: ({ name }) => (name.value === NAME ? null : undefined),
    DirectiveDefinition: ({ name }) => (name.value === NAME ? null : undefined),
    EnumTypeDefinition: ({ name }) => (name.value === 'CacheControlScope' ? null : undefined),
  });

/** The directives by which a supergraph carries what the SDLs of its subgraphs say, by `Type` and `Type.field`. */
function carriersOf(sdls: Readonly<Record<string, DocumentNode>>, graphOf: (subgraph: string) => string): Map<string, string[]> {
  const carriers = new Map<string, string[]>();
  for (const [subgraph, { definitions }] of Object.entries(sdls)) {
    const add = (directives: readonly ConstDirectiveNode[] = [], place: string): void => {
      for (const { name, arguments: given = [] } of directives) {
        if (name.value !== NAME) continue;
        const args = given.map(({ name: key, value }) => `${key.value}: ${'value' in value ? value.value : 'null'}`).join(', ');
        const carrier = `@${CARRIER}(graphs: [${graphOf(subgraph)}], name: "${NAME}", args: {${args}})`;
        carriers.set(place, [...(carriers.get(place) ?? []), carrier]);
      }
    };
    for (const node of definitions) {
      if (!('name' in node) || !node.name) continue;
      if ('directives' in node && node.kind !== Kind.OPERATION_DEFINITION && node.kind !== Kind.FRAGMENT_DEFINITION)
        add(node.directives, node.name.value);
      if (!('fields' in node)) continue;
      for (const field of node.fields ?? []) add(field.directives, `${node.name.value}.${field.name.value}`);
    }
  }
  return carriers;
}

/** A composed supergraph with what the SDLs of its subgraphs say by `@cacheControl`. */
export function withHints(supergraphSdl: string, parsed: DocumentNode, sdls: Readonly<Record<string, DocumentNode>>): string {
  const names = new Map([...subgraphNames(parsed)].map(([graph, subgraph]) => [subgraph, graph]));
  const carriers = carriersOf(sdls, (subgraph) => names.get(subgraph) ?? subgraph);
  const insertions: { at: number; text: string }[] = [];
  for (const node of parsed.definitions) {
    const isType = node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION;
    if (!isType && node.kind !== Kind.UNION_TYPE_DEFINITION) continue;
    const own = carriers.get(node.name.value) ?? [];
    const last = node.directives?.at(-1) ?? node.name;
    if (own.length > 0) insertions.push({ at: last.loc?.end ?? 0, text: own.map((carrier) => `\n  ${carrier}`).join('') });
    for (const field of isType ? (node.fields ?? []) : []) {
      const carried = carriers.get(`${node.name.value}.${field.name.value}`) ?? [];
      if (carried.length > 0) insertions.push({ at: field.loc?.end ?? 0, text: carried.map((carrier) => ` ${carrier}`).join('') });
    }
  }
  let text = supergraphSdl;
  for (const { at, text: added } of insertions.toSorted((one, other) => other.at - one.at))
    text = text.slice(0, at) + added + text.slice(at);
  return text;
}
