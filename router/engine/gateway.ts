import { Supergraph } from '@apollo/federation-internals';
import { ApolloGateway, type ServiceMap } from '@apollo/gateway';
import type { DocumentNode } from 'graphql';
import type { Logger } from 'pino';
import type { Limits } from '../limits.ts';
import type { Metrics } from '../metrics.ts';
import { dataSource } from './data-source.ts';
import type { Engine } from './engine.ts';
import { subscriptionPlanner } from './plans.ts';
import { transport } from './transport.ts';

// The gateway would send usage metrics to its maker.
process.env.APOLLO_TELEMETRY_DISABLED = 'true';

export interface GatewayOptions {
  readonly supergraphSdl: string;
  /** Where each subgraph of the supergraph is, by name. */
  readonly subgraphs: Readonly<Record<string, string>>;
  readonly limits: Limits;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** The engine on @apollo/gateway: its planner and executor, with connections of our own. No subgraph needs to be up. */
export function gatewayEngine({ supergraphSdl, subgraphs, limits, metrics, log }: GatewayOptions): Engine {
  const transports = Object.entries(subgraphs).map(([name, url]) => [name, transport(name, url, limits, metrics)] as const);
  const sources: ServiceMap = Object.fromEntries(transports.map(([name, to]) => [name, dataSource(to)]));
  const supergraph = Supergraph.build(supergraphSdl, { validateSupergraph: false });
  const schema = supergraph.apiSchema().toGraphQLJSSchema();
  const gateway = new ApolloGateway({
    supergraphSdl,
    validateSupergraph: false,
    __exposeQueryPlanExperimental: false,
    logger: log.child({ part: 'gateway' }, { level: 'warn' }),
    buildService({ name }) {
      const source = sources[name];
      if (!source) throw new Error(`the supergraph has ${name}, but it has no address`);
      return source;
    },
  });
  const plan = subscriptionPlanner(supergraph, schema, sources, log);
  return {
    schema,
    gateway,
    planSubscription: (document: DocumentNode, operationName) => plan(document, operationName),
    async close() {
      await Promise.all(transports.map(([, to]) => to.close()));
    },
  };
}
