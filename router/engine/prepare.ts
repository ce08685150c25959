import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type InlineFragmentNode,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
  type VariableDefinitionNode,
} from 'graphql';
import type { Cost } from '../cost/cost.ts';
import { type Gate, unguarded } from '../documents/gate.ts';
import { compilePlan, type Plan } from './plan/compile.ts';
import { withoutStandIns } from './required-fields.ts';
import { compileShape, type Shape } from './shape.ts';
import type { Supergraph } from './supergraph.ts';

/** An operation, ready to be carried out any number of times. */
export interface Prepared {
  readonly type: 'query' | 'mutation' | 'subscription';
  readonly name: string | undefined;
  readonly document: DocumentNode;
  readonly variables: readonly VariableDefinitionNode[];
  readonly plan: Plan;
  readonly shape: Shape;
  /** What graphql-js answers: `__schema` and `__type`. */
  readonly introspection: DocumentNode | null;
  /** What it may cost; a subscription: one event of it. */
  readonly cost: Cost;
  /** It runs although the safelist does not have it. */
  readonly unlisted?: boolean;
  /** Of a subscription: what its subgraph is asked; {@link plan} is what follows each event. */
  readonly source: SubscriptionSource | null;
}

export interface SubscriptionSource {
  readonly subgraph: string;
  readonly query: string;
  readonly operationName: string | undefined;
  /** Of the client's variables those that the query uses. */
  readonly variables: readonly string[];
  /** The client's response name of the subscription field. */
  readonly field: string;
}

/** What is wrong with a document, for its author. */
export interface Unprepared {
  readonly problems: readonly GraphQLError[];
}

/** The same error with that code. */
export const withCode = (error: GraphQLError, code: string): GraphQLError =>
  new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    extensions: { ...error.extensions, code },
  });

const problem = (code: string, message: string): Unprepared => ({ problems: [new GraphQLError(message, { extensions: { code } })] });

/** Reads, examines, validates and plans a document. @throws what the planner cannot do, which is no fault of the document */
export function prepare(supergraph: Supergraph, query: string, operationName: string | undefined, gate: Gate): Prepared | Unprepared {
  const document = read(query, gate);
  if ('problems' in document) return document;
  const refused = gate.examine(document, operationName);
  if (refused) return { problems: [refused] };
  const made = prepareDocument(supergraph, document, operationName, gate);
  return 'plan' in made && gate.isUnlisted(document, operationName) ? { ...made, unlisted: true } : made;
}

function read(query: string, gate: Gate): DocumentNode | Unprepared {
  try {
    return gate.read(query);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return { problems: [error.extensions.code ? error : withCode(error, 'GRAPHQL_PARSE_FAILED')] };
  }
}

/** As {@link prepare}, of a document that has been read and examined. */
export function prepareDocument(
  supergraph: Supergraph,
  document: DocumentNode,
  operationName: string | undefined,
  { validate }: Pick<Gate, 'validate'> = unguarded,
): Prepared | Unprepared {
  const problems = validate(supergraph.schema, document);
  if (problems.length > 0) return { problems: problems.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED')) };
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const operation = operationName
    ? operations.find(({ name }) => name?.value === operationName)
    : operations.length === 1
      ? operations[0]
      : undefined;
  if (!operation) return problem('OPERATION_RESOLUTION_FAILURE', 'Which operation is meant is not clear: is its name right?');
  return compiled(supergraph, document, operation);
}

function compiled(supergraph: Supergraph, document: DocumentNode, operation: OperationDefinitionNode): Prepared | Unprepared {
  const fragments = new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : [],
    ),
  );
  const name = operation.name?.value;
  const { node } = supergraph.plan(document, name);
  const subscription = node?.kind === 'Subscription' ? node : null;
  const shape = compileShape(supergraph.schema, operation, fragments);
  if (node === undefined && shape.rootFields > 0)
    return problem('OPERATION_RESOLUTION_FAILURE', 'No subgraph can answer the fields that are asked for.');
  return {
    type: operation.operation,
    name,
    document,
    variables: operation.variableDefinitions ?? [],
    plan: compilePlan(node?.kind === 'Subscription' ? node.rest : node, supergraph),
    shape,
    cost: supergraph.costOf(operation, fragments),
    introspection: operation.operation === OperationTypeNode.QUERY ? introspectionOf(document, operation, fragments) : null,
    source: subscription && {
      subgraph: subscription.primary.serviceName,
      query: withoutStandIns(subscription.primary.operation, supergraph.stands.standIns),
      operationName: subscription.primary.operationName,
      variables: subscription.primary.variableUsages ?? [],
      field: rootField(operation.selectionSet, fragments) ?? '',
    },
  };
}

/** The response name of the first field, wherever fragments have it. */
function rootField({ selections }: SelectionSetNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>): string | undefined {
  for (const node of selections) {
    if (node.kind === Kind.FIELD) return node.alias?.value ?? node.name.value;
    const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
    const field = fragment && rootField(fragment.selectionSet, fragments);
    if (field !== undefined) return field;
  }
  return undefined;
}

/** The operation with nothing but its `__schema` and `__type`; null when it has neither. */
function introspectionOf(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): DocumentNode | null {
  const only = (set: SelectionSetNode): SelectionSetNode => ({
    ...set,
    selections: set.selections.flatMap((node): SelectionNode[] => {
      if (node.kind === Kind.FIELD) return node.name.value === '__schema' || node.name.value === '__type' ? [node] : [];
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
      if (!fragment) return [];
      const selectionSet = only(fragment.selectionSet);
      if (selectionSet.selections.length === 0) return [];
      return [{ kind: Kind.INLINE_FRAGMENT, directives: node.directives ?? [], selectionSet } satisfies InlineFragmentNode];
    }),
  });
  const selectionSet = only(operation.selectionSet);
  if (selectionSet.selections.length === 0) return null;
  const used = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return { kind: Kind.DOCUMENT, definitions: [{ ...operation, selectionSet }, ...used] };
}
