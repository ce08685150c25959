import {
  type ConstDirectiveNode,
  type DocumentNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  type SchemaDefinitionNode,
} from 'graphql';
import { type Authorisation, authorisationOf } from '../engine/authorisation/rules.ts';
import { Random } from './random.ts';

const SPEC = `schema @link(url: "https://specs.apollo.dev/authenticated/v0.1", for: SECURITY) { query: Query }
  directive @authenticated on FIELD_DEFINITION | OBJECT`;
const [{ directives: links = [] }, definition] = parse(SPEC).definitions as [SchemaDefinitionNode, DocumentNode['definitions'][0]];

const GUARD: ConstDirectiveNode = { kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: 'authenticated' } };
const ROOTS = new Set(['Query', 'Mutation', 'Subscription']);

type Guarded<Node> = Node & { readonly directives?: readonly ConstDirectiveNode[] | undefined };
const guarded = <Node>(node: Guarded<Node>): Node => ({ ...node, directives: [...(node.directives ?? []), GUARD] });

function withGuardsOn(document: DocumentNode, chosen: ReadonlySet<string>): DocumentNode {
  const type = (node: ObjectTypeDefinitionNode): ObjectTypeDefinitionNode => {
    const fields = node.fields?.map((field) => (chosen.has(`${node.name.value}.${field.name.value}`) ? guarded(field) : field));
    return chosen.has(node.name.value) ? guarded({ ...node, fields }) : { ...node, fields };
  };
  const definitions = document.definitions.map((node) => {
    if (node.kind === Kind.SCHEMA_DEFINITION) return { ...node, directives: [...(node.directives ?? []), ...links] };
    return node.kind === Kind.OBJECT_TYPE_DEFINITION ? type(node) : node;
  });
  return { ...document, definitions: [...definitions, definition] };
}

/**
 * A supergraph with `@authenticated` on some of its fields and types. None of them is in an interface: what is asked of an interface is refused for all of its types,
 * which graphql-js, looking at one object after the other, cannot say.
 */
export function withGuards(supergraph: string, seed: string): { readonly sdl: string; readonly authorisation: Authorisation } {
  const document = parse(supergraph);
  const random = new Random(seed);
  const objects = document.definitions.filter((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION);
  const interfaces = document.definitions.filter((node) => node.kind === Kind.INTERFACE_TYPE_DEFINITION);
  const shared = new Map(interfaces.map(({ name, fields = [] }) => [name.value, new Set(fields.map((field) => field.name.value))]));
  // A subscription that is refused as a whole has no event to be compared.
  const events = new Set(
    objects
      .flatMap((node) => (node.name.value === 'Subscription' ? (node.fields ?? []) : []))
      .map(({ type }) => print(type).replaceAll(/[[\]!]/g, '')),
  );
  const candidates = objects.flatMap(({ name, fields = [], interfaces: own = [] }) => {
    const inInterface = (field: string) => own.some((each) => shared.get(each.name.value)?.has(field));
    const loose = fields.filter((field) => name.value !== 'Subscription' && !inInterface(field.name.value));
    const names = loose.filter(() => random.once(5)).map((field) => `${name.value}.${field.name.value}`);
    return own.length === 0 && !ROOTS.has(name.value) && !events.has(name.value) && random.once(12) ? [...names, name.value] : names;
  });
  const opens = (made: Authorisation) =>
    interfaces.every(({ name, fields = [] }) => fields.every((field) => made.ofField(name.value, field.name.value).size === 0));
  const chosen = new Set<string>();
  for (const candidate of candidates) {
    const more = new Set([...chosen, candidate]);
    if (opens(authorisationOf(withGuardsOn(document, more)))) chosen.add(candidate);
  }
  const made = withGuardsOn(document, chosen);
  return { sdl: print(made), authorisation: authorisationOf(made) };
}
