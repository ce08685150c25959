import type { GatewayExecutor, GatewayInterface, GatewayLoadResult } from '@apollo/server-gateway-interface';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema, print } from 'graphql';
import type { RequestContext } from '../context.ts';
import { policyTold } from './cache/told-policy.ts';
import type { Engine } from './engine.ts';

const asGraphQLError = ({ message, path, extensions }: GraphQLFormattedError): GraphQLError =>
  new GraphQLError(message, { path: path ?? null, extensions: extensions ?? null });

/** The engine as Apollo Server asks for one. What it has read and validated, the engine has too: by the text that it is asked with. */
export function gatewayInterface(
  supergraphSdl: string,
  schema: GraphQLSchema,
  { prepare, execute }: Pick<Engine, 'prepare' | 'execute'>,
): GatewayInterface {
  const executor: GatewayExecutor = async ({ document, request, operationName, context, overallCachePolicy }) => {
    const operation = prepare(request.query ?? print(document), operationName ?? undefined);
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
