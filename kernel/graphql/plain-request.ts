import { type ExecutionResult, execute, type GraphQLFormattedError, type GraphQLSchema, getOperationAST, OperationTypeNode } from 'graphql';
import type { Documents } from './documents.ts';
import { type Observer, rootFields } from './observe.ts';
import type { RequestContext } from './request-context.ts';

/** The result of an operation, errors as the client may see them. */
export interface Answered {
  readonly errors?: readonly GraphQLFormattedError[];
  readonly data: ExecutionResult['data'];
}

export interface PlainOptions {
  readonly schema: GraphQLSchema;
  readonly documents: Documents;
  readonly observer: Observer;
}

interface Plain {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Readonly<Record<string, unknown>> | null;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function isPlain(body: unknown): body is Plain {
  if (!isRecord(body)) return false;
  const { query, operationName = null, variables = null, extensions = null } = body;
  return (
    typeof query === 'string' &&
    extensions === null &&
    (operationName === null || typeof operationName === 'string') &&
    (variables === null || isRecord(variables))
  );
}

/**
 * Carries out what nearly every request is: one query or mutation that is right, asked for without anything special. For each other one it does nothing and
 * resolves with undefined: Apollo Server then carries it out, or says what is wrong with it.
 */
export function plainRequests({ schema, documents, observer }: PlainOptions) {
  return async (body: unknown, contextValue: RequestContext): Promise<Answered | undefined> => {
    if (!isPlain(body)) return undefined;
    const startedAt = performance.now();
    const document = documents(body.query);
    if (!('kind' in document)) return undefined;
    const operation = getOperationAST(document, body.operationName);
    if (!operation || operation.operation === OperationTypeNode.SUBSCRIPTION) return undefined;
    const { data, errors } = await execute({
      schema,
      document,
      operationName: body.operationName,
      variableValues: body.variables,
      contextValue,
    });
    // Its variables do not fit: nothing was executed.
    if (data === undefined) return undefined;
    const shown = errors?.map(observer.present);
    const { cause, span } = contextValue;
    observer.reveal(shown, cause);
    observer.done({
      type: operation.operation,
      name: operation.name?.value,
      cause,
      startedAt,
      errors: shown,
      span,
      fields: span && rootFields(operation),
    });
    return shown ? { errors: shown, data } : { data };
  };
}
