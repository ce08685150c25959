import { type ConstDirectiveNode, type ConstValueNode, type DocumentNode, Kind, valueFromASTUntyped, visit } from 'graphql';

/** What a directive that says who may ask is called in one supergraph. */
export interface Names {
  readonly authenticated: string;
  readonly requiresScopes: string;
  readonly policy: string;
}

const FEATURE = /^https:\/\/specs\.apollo\.dev\/(authenticated|requiresScopes|policy)\/v\d+\.\d+$/;
const DEFAULTS: Names = { authenticated: 'authenticated', requiresScopes: 'requiresScopes', policy: 'policy' };

interface Linked {
  readonly feature: keyof Names;
  /** What its types' names begin with. */
  readonly namespace: string;
  readonly directive: string;
}

const argument = (directive: ConstDirectiveNode, name: string): ConstValueNode | undefined =>
  directive.arguments?.find((given) => given.name.value === name)?.value;

function linked(directive: ConstDirectiveNode): Linked | undefined {
  const url = argument(directive, 'url');
  const feature = url?.kind === Kind.STRING ? (FEATURE.exec(url.value)?.[1] as keyof Names | undefined) : undefined;
  if (directive.name.value !== 'link' || feature === undefined) return undefined;
  const as = argument(directive, 'as');
  const namespace = as?.kind === Kind.STRING ? as.value : feature;
  const imports = argument(directive, 'import');
  const renamed = (imports?.kind === Kind.LIST ? imports.values : [])
    .map((each) => valueFromASTUntyped(each) as string | { readonly name: string; readonly as?: string })
    .map((each) => (typeof each === 'string' ? { name: each, as: each } : each))
    .find(({ name }) => name === `@${feature}`);
  return { feature, namespace, directive: (renamed?.as ?? renamed?.name)?.slice(1) ?? namespace };
}

const linksIn = ({ definitions }: DocumentNode): Linked[] =>
  definitions.flatMap((node) =>
    node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION
      ? (node.directives ?? []).flatMap((directive) => linked(directive) ?? [])
      : [],
  );

/** What the directives are called; composition gives them other names when an SDL does. */
export function namesIn(supergraph: DocumentNode): Names {
  return { ...DEFAULTS, ...Object.fromEntries(linksIn(supergraph).map(({ feature, directive }) => [feature, directive])) };
}

/** The supergraph without `@authenticated`, `@requiresScopes` and `@policy`: @apollo/gateway refuses to load one that has them. */
export function withoutAuthorisation(supergraph: DocumentNode): DocumentNode {
  const links = linksIn(supergraph);
  if (links.length === 0) return supergraph;
  const names = new Set(links.map(({ directive }) => directive));
  const isTheirs = (name: string) => links.some(({ namespace }) => name.startsWith(`${namespace}__`));
  return visit(supergraph, {
    Directive: (node) => (names.has(node.name.value) || linked(node as ConstDirectiveNode) ? null : undefined),
    DirectiveDefinition: (node) => (names.has(node.name.value) ? null : undefined),
    ScalarTypeDefinition: (node) => (isTheirs(node.name.value) ? null : undefined),
  });
}
