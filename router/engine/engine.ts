import type { GatewayInterface } from '@apollo/server-gateway-interface';
import type { ExecutionResult, GraphQLError, GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { RequestContext } from '../context.ts';
import type { Prepared, Unprepared } from './prepare.ts';

/** Variables as the client sent them. */
export type Variables = Readonly<Record<string, unknown>>;

/** An answer. No `data`: nothing was carried out. */
export interface Result {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly GraphQLFormattedError[];
  readonly extensions?: Record<string, unknown>;
}

/**
 * What carries out operations over the subgraphs. The front knows nothing else of it.
 */
export interface Engine {
  /** What clients may ask for. */
  readonly schema: GraphQLSchema;
  /** For Apollo Server, whose plugins somebody may need: the same engine behind its interface. */
  readonly gateway: GatewayInterface;
  /** Reads, validates and plans a document; remembers it. */
  prepare(query: string, operationName: string | undefined): Prepared | Unprepared;
  /** Whether it was prepared for a supergraph that is not in use any more. It is carried out all the same. */
  isOutdated(operation: Prepared): boolean;
  /**
   * The operation as it is carried out for whoever asks: without what they may not ask for. {@link execute} and {@link complete} do that by themselves; a subscription
   * is begun as this says.
   * @throws GraphQLError UNAUTHENTICATED or FORBIDDEN, for a subscription that is refused as a whole
   */
  authorised(operation: Prepared, context: Pick<RequestContext, 'actor'>): Prepared;
  /** Carries a query or a mutation out. What whoever asks may not ask for is not fetched: it is null, with an error. */
  execute(operation: Prepared, variables: Variables, context: RequestContext): Promise<Result>;
  /** What is wrong with the variables; empty when nothing is. */
  variableProblems(operation: Prepared, variables: Variables): readonly GraphQLError[];
  /** Of the client's variables those that the subscription's subgraph is sent. */
  sourceVariables(operation: Prepared, variables: Variables): Variables;
  /** Fills a subscription's event in with what other subgraphs have. Their failures are errors of that result; this never throws for them. */
  complete(operation: Prepared, event: ExecutionResult, variables: Variables, context: RequestContext): Promise<Result>;
  close(): Promise<void>;
}
