import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type InlineFragmentNode,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  type SelectionNode,
  type SelectionSetNode,
  type VariableDefinitionNode,
} from 'graphql';
import type { Cost } from '../cost/cost.ts';
import type { Gate } from '../documents/gate.ts';
import { Recent } from '../recent.ts';
import { allowedOf } from './authorisation/allowed.ts';
import { type Demands, demandsOf } from './authorisation/demands.ts';
import { canonical } from './canonical.ts';
import { clientName, type Names } from './names.ts';
import { compilePlan, type Plan } from './plan/compile.ts';
import { withoutStandIns } from './required-fields.ts';
import { compileShape, type Refused, type Shape } from './shape.ts';
import type { Supergraph } from './supergraph.ts';

/** What documents have in common that are renamings of each other; things have numbers in it instead of names. */
export interface Planned {
  readonly type: 'query' | 'mutation' | 'subscription';
  readonly plan: Plan;
  readonly shape: Shape;
  /** Whether it has `__schema` or `__type`. */
  readonly introspects: boolean;
  /** What it may cost; a subscription: one event of it. */
  readonly cost: Cost;
  /** Of a subscription: what its subgraph is asked; {@link plan} is what follows each event. */
  readonly source: SubscriptionSource | null;
  /** What whoever asks needs for it; null when anybody may ask for all of it, or when what they may not is left out already. */
  readonly demands: Demands | null;
  /** What {@link demands} are of. */
  readonly document: DocumentNode | null;
  readonly operationName: string | undefined;
}

/** An operation, ready to be carried out any number of times. */
export interface Prepared extends Pick<Planned, 'type' | 'plan' | 'shape' | 'source'> {
  readonly planned: Planned;
  readonly name: string | undefined;
  /** The client's document. */
  readonly text: string;
  /** The client's variables; where they are in the text is not kept. */
  readonly variables: readonly VariableDefinitionNode[];
  /** What the client calls what has numbers in {@link plan}, {@link shape} and {@link source}. */
  readonly names: Names;
  /** What graphql-js answers: `__schema` and `__type`. */
  readonly introspection: DocumentNode | null;
  /** It runs although the safelist does not have it. */
  readonly unlisted: boolean;
}

export interface SubscriptionSource {
  readonly subgraph: string;
  readonly query: string;
  readonly operationName: string | undefined;
  /** Those that the query uses, by their numbers. */
  readonly variables: readonly string[];
  /** The client's response name of the subscription field. */
  readonly field: string;
  /** The whole operation, of which the query is a part. */
  readonly document: DocumentNode;
}

/** What is wrong with a document, for its author. */
export interface Unprepared {
  readonly problems: readonly GraphQLError[];
}

/** Makes operations ready. @throws what the planner cannot do, which is no fault of the document */
export interface Preparing {
  /** Reads, examines, validates and plans a document. */
  prepare(text: string, operationName: string | undefined, gate: Gate): Prepared | Unprepared;
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

/**
 * Plans are remembered by what documents ask for: one whose names, white space or comments are new is validated and planned already.
 * @param size how many are remembered
 */
export function preparing(supergraph: Supergraph, size: number): Preparing {
  const known = new Recent<string, Planned | Unprepared>(size);

  /** graphql-js throws some of what is wrong: a variable at `@skip` of a subscription's field. */
  function problemsIn(text: string, gate: Gate): readonly GraphQLError[] {
    try {
      return gate.validate(supergraph.schema, parse(text));
    } catch (error) {
      if (error instanceof GraphQLError) return [error];
      throw error;
    }
  }

  function ready(document: DocumentNode, text: string, operationName: string | undefined, gate: Gate): Prepared | Unprepared {
    const operation = chosen(document, operationName);
    const form = operation && canonical(document, operation);
    const key = form ? `${form.operationName ?? ''}\n${form.text}` : '';
    let planned = form ? known.get(key) : undefined;
    if (planned === undefined) {
      // Of the document as its author wrote it, with its places.
      const problems = problemsIn(text, gate);
      if (problems.length > 0) return { problems: problems.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED')) };
      if (!form) return problem('OPERATION_RESOLUTION_FAILURE', 'Which operation is meant is not clear: is its name right?');
      planned = plannedOf(supergraph, parse(form.text, { noLocation: true }), form.operationName);
      known.set(key, planned);
    }
    if ('problems' in planned || !form) return planned as Unprepared;
    const { variableDefinitions: variables = [] } = operation;
    const introspection = planned.introspects ? introspectionOf(document, operation) : null;
    const unlisted = gate.isUnlisted(document, operationName, text);
    return prepared({ name: operation.name?.value, text, variables, names: form.names, introspection, unlisted }, planned);
  }

  return {
    prepare(text, operationName, gate) {
      try {
        const document = read(text, gate);
        if ('problems' in document) return document;
        const refused = gate.examine(document, operationName);
        return refused ? { problems: [refused] } : ready(document, text, operationName, gate);
      } catch (error) {
        // The stack is all that limits how deep a document may be here.
        if (error instanceof RangeError) return problem('GRAPHQL_VALIDATION_FAILED', 'The document is nested too deeply.');
        throw error;
      }
    },
  };
}

function read(text: string, gate: Gate): DocumentNode | Unprepared {
  try {
    return gate.read(text);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return { problems: [error.extensions.code ? error : withCode(error, 'GRAPHQL_PARSE_FAILED')] };
  }
}

/** The operation that is meant; undefined where that is not clear. */
export function chosen({ definitions }: DocumentNode, operationName: string | undefined): OperationDefinitionNode | undefined {
  const operations = definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (operationName) return operations.find(({ name }) => name?.value === operationName);
  return operations.length === 1 ? operations[0] : undefined;
}

const fragmentsOf = ({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> =>
  new Map(
    definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : [],
    ),
  );

/** What the client has made of it, with its names. */
export const prepared = (
  asked: Omit<Prepared, 'planned' | keyof Pick<Planned, 'type' | 'plan' | 'shape' | 'source'>>,
  planned: Planned,
): Prepared => {
  const { type, plan, shape, source } = planned;
  return { ...asked, planned, type, plan, shape, source: source && { ...source, field: clientName(source.field, asked.names) } };
};

/** As it is carried out for those to whom some of its fields are refused: these are neither fetched nor shown. */
export function prepareAllowed(supergraph: Supergraph, { document, operationName }: Planned, refused: Refused): Planned {
  const made = document && plannedOf(supergraph, document, operationName, refused);
  if (!made || 'problems' in made) throw new Error('what has been prepared cannot be prepared without some of its fields');
  return made;
}

function plannedOf(
  supergraph: Supergraph,
  document: DocumentNode,
  operationName: string | undefined,
  refused?: Refused,
): Planned | Unprepared {
  const operation = chosen(document, operationName);
  if (!operation) throw new Error('the canonical document has no operation');
  const fragments = fragmentsOf(document);
  const planned = refused ? allowedOf(document, operation, refused) : document;
  const node = planned ? supergraph.plan(planned, operationName).node : undefined;
  const subscription = node?.kind === 'Subscription' ? node : null;
  const shape = compileShape(supergraph.schema, operation, fragments, refused);
  if (node === undefined && shape.rootFields > 0 && planned === document)
    return problem('OPERATION_RESOLUTION_FAILURE', 'No subgraph can answer the fields that are asked for.');
  const demands = refused ? null : demandsOf(supergraph.authorisation, supergraph.schema, operation, fragments);
  return {
    type: operation.operation,
    plan: compilePlan(node?.kind === 'Subscription' ? node.rest : node, supergraph),
    shape,
    introspects: operation.operation === OperationTypeNode.QUERY && introspectionOf(document, operation) !== null,
    cost: supergraph.costOf(operation, fragments),
    source: subscription && {
      subgraph: subscription.primary.serviceName,
      query: withoutStandIns(subscription.primary.operation, supergraph.stands.standIns),
      operationName: subscription.primary.operationName,
      variables: subscription.primary.variableUsages ?? [],
      field: rootField(operation.selectionSet, fragments) ?? '',
      document,
    },
    demands,
    document: demands && document,
    operationName,
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
function introspectionOf(document: DocumentNode, operation: OperationDefinitionNode): DocumentNode | null {
  const fragments = fragmentsOf(document);
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
