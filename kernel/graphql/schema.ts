import { readFile } from 'node:fs/promises';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, isObjectType, parse } from 'graphql';
import { DateTimeResolver } from 'graphql-scalars';

type Module = Exclude<Parameters<typeof buildSubgraphSchema>[0], { kind: string }>[number];
type Resolvers = Extract<Module, { typeDefs: unknown }>['resolvers'];

/**
 * The executable schema of a subgraph: its SDL, its resolvers and, where the SDL declares it, the scalar DateTime.
 * @throws when the SDL is not valid; TypeError for resolvers of what the SDL does not have, and for root fields without a resolver
 */
export async function subgraphSchema(sdl: URL, resolvers: object): Promise<GraphQLSchema> {
  const typeDefs = parse(await readFile(sdl, 'utf8'));
  const hasDateTime = typeDefs.definitions.some((one) => one.kind === 'ScalarTypeDefinition' && one.name.value === 'DateTime');
  const all = { ...(hasDateTime ? { DateTime: DateTimeResolver } : {}), ...resolvers };
  const schema = buildSubgraphSchema([{ typeDefs, resolvers: all as Resolvers }]);
  const mistakes = [...strangers(schema, resolvers), ...unresolved(schema)];
  if (mistakes.length > 0) throw new TypeError(`resolvers and SDL do not fit: ${mistakes.join('; ')}`);
  return schema;
}

/** `buildSubgraphSchema` says nothing about resolvers that no field has. */
function strangers(schema: GraphQLSchema, resolvers: object): string[] {
  return Object.entries(resolvers).flatMap(([name, fields]) => {
    const type = schema.getType(name);
    if (!type) return [`there is no type ${name}`];
    if (!isObjectType(type)) return [];
    const known = type.getFields();
    return Object.keys(fields).flatMap((field) => (field.startsWith('__') || known[field] ? [] : [`there is no field ${name}.${field}`]));
  });
}

function unresolved(schema: GraphQLSchema): string[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return roots.flatMap((root) =>
    Object.values(root?.getFields() ?? {}).flatMap(({ name, resolve, subscribe }) =>
      resolve || subscribe ? [] : [`${root?.name}.${name} has no resolver`],
    ),
  );
}
