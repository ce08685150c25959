import type { GatewayExecutor, GatewayInterface, GatewayLoadResult } from '@apollo/server-gateway-interface';
import { type DocumentNode, GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import type { RequestContext } from '../context.ts';
import { policyTold } from './cache/told-policy.ts';
import type { Engine } from './engine.ts';
import type { Prepared, Unprepared } from './prepare.ts';

interface Behind {
  readonly prepare: (key: string, document: DocumentNode, operationName: string | undefined) => Prepared | Unprepared;
  readonly execute: Engine['execute'];
}

const asGraphQLError = ({ message, path, extensions }: GraphQLFormattedError): GraphQLError =>
  new GraphQLError(message, { path: path ?? null, extensions: extensions ?? null });

/** The engine as Apollo Server asks for one: it has read and validated the document already. */
export function gatewayInterface(supergraphSdl: string, schema: GraphQLSchema, { prepare, execute }: Behind): GatewayInterface {
  const executor: GatewayExecutor = async ({ document, request, queryHash, operationName, context, overallCachePolicy }) => {
    const operation = prepare(`${operationName ?? ''}\n#${queryHash}`, document, operationName ?? undefined);
    if ('problems' in operation) return { errors: operation.problems };
    const result = await execute(operation, request.variables ?? {}, context as RequestContext);
    const { data, errors, extensions } = result;
    const policy = policyTold(result);
    // Apollo Server does not tell that an answer varies with who asks.
    if (policy?.scope === 'PUBLIC') overallCachePolicy.restrict(policy);
    return {
      ...(data === undefined ? {} : { data }),
      ...(errors ? { errors: errors.map(asGraphQLError) } : {}),
      ...(extensions ? { extensions } : {}),
    };
  };
  return {
    async load(): Promise<GatewayLoadResult> {
      return { executor };
    },
    onSchemaLoadOrUpdate(tell) {
      tell({ apiSchema: schema, coreSupergraphSdl: supergraphSdl });
      return () => {};
    },
    async stop() {},
  };
}
