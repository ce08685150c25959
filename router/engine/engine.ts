import type { GatewayInterface } from '@apollo/server-gateway-interface';
import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';
import type { RequestContext } from '../context.ts';

/** Variables as the client sent them. */
export type Variables = Readonly<Record<string, unknown>>;

/** How one subscription document is carried out. */
export interface SubscriptionPlan {
  /** The subgraph that has the events. */
  readonly subgraph: string;
  /** What that subgraph is asked. */
  readonly query: string;
  readonly operationName: string | undefined;
  /** The client's response name of the subscription field. */
  readonly field: string;
  /** Of the client's variables those that the subgraph's query uses. */
  variablesOf(variables: Variables): Variables;
  /** Fills an event in with what other subgraphs have. Their failures are errors of that result; this never throws for them. */
  complete(event: ExecutionResult, variables: Variables, context: RequestContext): Promise<ExecutionResult>;
}

/**
 * What carries out operations over the subgraphs. The front knows nothing else of it, so that another engine can take its place.
 */
export interface Engine {
  /** What clients may ask for. */
  readonly schema: GraphQLSchema;
  /** Carries out queries and mutations, behind Apollo Server. */
  readonly gateway: GatewayInterface;
  /** @throws GraphQLError when it cannot be planned. `document` must be valid against {@link schema}. */
  planSubscription(document: DocumentNode, operationName: string | undefined): SubscriptionPlan;
  close(): Promise<void>;
}
