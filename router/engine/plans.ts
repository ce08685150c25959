import { operationFromDocument, type Supergraph } from '@apollo/federation-internals';
import { buildOperationContext, executeQueryPlan, type GraphQLDataSource, type ServiceMap } from '@apollo/gateway';
import { type FetchNode, type QueryPlan, QueryPlanner } from '@apollo/query-planner';
import type { GatewayGraphQLRequestContext } from '@apollo/server-gateway-interface';
import { type DocumentNode, type ExecutionResult, type GraphQLSchema, Kind } from 'graphql';
import type { Logger } from 'pino';
import type { RequestContext } from '../context.ts';
import type { SubscriptionPlan, Variables } from './engine.ts';

/** The owning subgraph's data source while one event is filled in: its own part is there already. */
const answering = (primary: FetchNode, event: ExecutionResult, otherwise: GraphQLDataSource): GraphQLDataSource => ({
  process: (options) =>
    options.request.query === primary.operation
      ? Promise.resolve(event as Awaited<ReturnType<GraphQLDataSource['process']>>)
      : otherwise.process(options),
});

const pick = (variables: Variables, names: readonly string[] = []): Variables =>
  Object.fromEntries(names.filter((name) => Object.hasOwn(variables, name)).map((name) => [name, variables[name]]));

/**
 * Plans subscriptions with the federation planner and fills events in with the gateway's executor, which has no subscriptions of its own.
 * The first plan builds the planner.
 */
export function subscriptionPlanner(supergraph: Supergraph, schema: GraphQLSchema, sources: ServiceMap, log: Logger) {
  const apiSchema = supergraph.apiSchema();
  const supergraphSchema = supergraph.schema.toGraphQLJSSchema();
  let planner: QueryPlanner | undefined;

  return (document: DocumentNode, operationName: string | undefined): SubscriptionPlan => {
    planner ??= new QueryPlanner(supergraph);
    const named = operationName === undefined ? {} : { operationName };
    const { node } = planner.buildQueryPlan(operationFromDocument(apiSchema, document, named));
    if (node?.kind !== 'Subscription') throw new Error(`planned as ${node?.kind ?? 'nothing'}`);
    const { primary, rest } = node;
    const owner = sources[primary.serviceName];
    if (!owner) throw new Error(`no data source for ${primary.serviceName}`);
    const perEvent: QueryPlan = { kind: 'QueryPlan', node: rest ? { kind: 'Sequence', nodes: [primary, rest] } : primary };
    const operationContext = buildOperationContext({ schema, operationDocument: document, ...named });
    const [root] = operationContext.operation.selectionSet.selections;

    return {
      subgraph: primary.serviceName,
      query: primary.operation,
      operationName: primary.operationName,
      field: root?.kind === Kind.FIELD ? (root.alias?.value ?? root.name.value) : '',
      variablesOf: (variables) => pick(variables, primary.variableUsages),
      complete(event, variables, context: RequestContext) {
        const services = { ...sources, [primary.serviceName]: answering(primary, event, owner) };
        const request = { request: { variables }, context, metrics: {}, logger: log } as unknown as GatewayGraphQLRequestContext;
        return executeQueryPlan(perEvent, services, request, operationContext, supergraphSchema, apiSchema);
      },
    };
  };
}
