import type { GatewayInterface } from '@apollo/server-gateway-interface';
import type { ExecutionResult, GraphQLError, GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { RequestContext } from '../context.ts';
import type { Estimate } from '../cost/budget.ts';
import type { Safelist } from '../documents/safelist.ts';
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
  /** The operations that are known to it, if it was told of any. */
  readonly safelist: Safelist | undefined;
  /** Reads, validates and plans a document; remembers it. `own`: it is the router's, and may be anything. */
  prepare(query: string, operationName: string | undefined, own?: boolean): Prepared | Unprepared;
  /** Whether it was prepared for a supergraph that is not in use any more. It is carried out all the same. */
  isOutdated(operation: Prepared): boolean;
  /** What an operation may cost with these variables; undefined when they are wrong. */
  estimate(operation: Prepared, variables: Variables): Estimate | undefined;
  /**
   * The operation as it is carried out for whoever asks: without what they may not ask for. {@link execute} and {@link complete} do that by themselves; a subscription
   * is begun as this says.
   * @throws GraphQLError UNAUTHENTICATED or FORBIDDEN, for a subscription that is refused as a whole
   */
  authorised(operation: Prepared, context: Pick<RequestContext, 'actor'>): Prepared;
  /** Carries a query or a mutation out. What whoever asks may not ask for is not fetched: it is null, with an error. */
  execute(operation: Prepared, variables: Variables, context: RequestContext): Promise<Result>;
  /** What is wrong with the variables of a subscription, or with what it may cost; empty when nothing is. */
  variableProblems(operation: Prepared, variables: Variables): readonly GraphQLError[];
  /** Of the client's variables those that the subscription's subgraph is sent. */
  sourceVariables(operation: Prepared, variables: Variables): Variables;
  /** Fills a subscription's event in with what other subgraphs have. Their failures are errors of that result; this never throws for them. */
  complete(operation: Prepared, event: ExecutionResult, variables: Variables, context: RequestContext): Promise<Result>;
  close(): Promise<void>;
}
