import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { z } from 'zod';

/** What `schema/persisted-operations.json` is: Apollo's format, so that other tools read and write it too. */
export const manifestShape = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(
    z.object({
      id: z.string().min(1),
      name: z.string().nullish(),
      type: z.enum(['query', 'mutation', 'subscription']),
      body: z.string().min(1),
    }),
  ),
});

export type Manifest = z.output<typeof manifestShape>;

/** The operations that are known. */
export interface Safelist {
  readonly size: number;
  /** The text of an operation. */
  byId(id: string): string | undefined;
  /** Whether the operation that is meant is one of them, however it is written. */
  has(document: DocumentNode, operationName: string | undefined): boolean;
}

/** Reads a manifest. @throws Error that says what is wrong with it */
export function safelist(manifest: string): Safelist {
  const { operations } = manifestShape.parse(JSON.parse(manifest));
  const texts = new Map(operations.map(({ id, body }) => [id, body]));
  const known = new Set(operations.flatMap(({ body, name }) => writtenAlike(parse(body, { noLocation: true }), name ?? undefined) ?? []));
  return {
    size: texts.size,
    byId: (id) => texts.get(id),
    has(document, operationName) {
      const text = writtenAlike(document, operationName);
      return text !== undefined && known.has(text);
    },
  };
}

/** The operation that is meant; undefined when that is not clear. */
export function operationOf({ definitions }: DocumentNode, name: string | undefined): OperationDefinitionNode | undefined {
  const operations = definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (name) return operations.find((operation) => operation.name?.value === name);
  return operations.length === 1 ? operations[0] : undefined;
}

/**
 * The operation that is meant as graphql-js prints it, with the fragments that it needs in the order of their names and without the `__typename`s that clients put in: the same for texts
 * that differ in spaces, commas, comments, the order of their definitions, or in other operations beside it.
 */
export function writtenAlike(document: DocumentNode, operationName: string | undefined): string | undefined {
  const operation = operationOf(document, operationName);
  if (!operation) return undefined;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const needed = new Set<string>();
  const need = (node: OperationDefinitionNode | FragmentDefinitionNode): void =>
    void visit(node, {
      FragmentSpread({ name: { value } }) {
        const fragment = fragments.get(value);
        if (!fragment || needed.has(value)) return;
        needed.add(value);
        need(fragment);
      },
    });
  need(operation);
  const parts = [...needed].toSorted().flatMap((name) => fragments.get(name) ?? []);
  return [operation, ...parts].map((part) => print(visit(part, { SelectionSet: withoutTypenames }))).join('\n');
}

const isTypename = (node: SelectionNode): boolean =>
  node.kind === Kind.FIELD && node.name.value === '__typename' && !node.alias && !node.directives?.length;

function withoutTypenames(set: SelectionSetNode): SelectionSetNode | undefined {
  const selections = set.selections.filter((node) => !isTypename(node));
  if (selections.length === set.selections.length) return undefined;
  return { ...set, selections: selections.length > 0 ? selections : set.selections.slice(0, 1) };
}
