import { type DocumentNode, GraphQLError, type GraphQLSchema, getOperationAST, getVariableValues, parse, validate } from 'graphql';
import type { Engine, SubscriptionPlan, Variables } from '../engine/engine.ts';
import type { Limits } from '../limits.ts';
import { Recent } from '../recent.ts';

const REMEMBERED = 1_000;

/** A document as it came over a WebSocket. */
export interface Operation {
  readonly type: 'query' | 'mutation' | 'subscription';
  readonly document: DocumentNode;
  /** Of a subscription. */
  readonly plan?: SubscriptionPlan;
}

const coded = (error: GraphQLError, code: string): GraphQLError =>
  new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    extensions: { ...error.extensions, code },
  });

function parsed(query: string, maxTokens: number): DocumentNode | readonly GraphQLError[] {
  try {
    return parse(query, { maxTokens });
  } catch (error) {
    if (error instanceof GraphQLError) return [coded(error, 'GRAPHQL_PARSE_FAILED')];
    throw error;
  }
}

/**
 * Reads documents that come over WebSockets, each once: parsed, and if it is a subscription validated and planned. Queries and mutations are validated by
 * Apollo Server later.
 */
export function operations(engine: Engine, limits: Limits) {
  const known = new Recent<string, Operation>(REMEMBERED);

  function read(query: string, operationName: string | undefined): Operation | readonly GraphQLError[] {
    const document = parsed(query, limits.documentTokens);
    if (!('kind' in document)) return document;
    const type = getOperationAST(document, operationName)?.operation;
    if (!type)
      return [new GraphQLError('Which operation is meant is not clear.', { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } })];
    if (type !== 'subscription') return { type, document };
    const problems = validate(engine.schema, document);
    if (problems.length > 0) return problems.map((problem) => coded(problem, 'GRAPHQL_VALIDATION_FAILED'));
    return { type, document, plan: engine.planSubscription(document, operationName) };
  }

  return (query: string, operationName: string | undefined): Operation | readonly GraphQLError[] => {
    const key = `${operationName ?? ''}\n${query}`;
    const seen = known.get(key);
    if (seen) return seen;
    const operation = read(query, operationName);
    if ('type' in operation) known.set(key, operation);
    return operation;
  };
}

/** What is wrong with the variables; empty when nothing is. */
export function variableProblems(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | undefined,
  variables: Variables,
): GraphQLError[] {
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? [];
  return (getVariableValues(schema, definitions, variables).errors ?? []).map((error) => coded(error, 'BAD_USER_INPUT'));
}
