import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { codegen } from '@graphql-codegen/core';
import * as typescript from '@graphql-codegen/typescript';
import * as resolvers from '@graphql-codegen/typescript-resolvers';
import { root } from '../workspace.ts';
import { RESOLVER_SCALARS } from './scalars.ts';
import { executableSchema, type Sdl, withoutLooseExtensions } from './sdl.ts';

/** What a resolver may answer for a type, and field resolvers then start from: any part of it, at any depth. */
const PART_OF = `
type PartOf<T> = T extends Date | string | number | bigint | boolean | null | undefined ? T
  : T extends ReadonlyArray<infer Item> ? ReadonlyArray<PartOf<Item>>
  : T extends object ? { [Key in keyof T]?: PartOf<T[Key]> }
  : T;
`;

/**
 * The resolver types of a context. A type's row is what `subgraphs/<context>/mappers.json` says (`"Payment": "../read-models/payments.ts#PaymentRow"`,
 * seen from `generated/`), otherwise any part of the type.
 */
export async function resolverTypes(sdl: Sdl, base = root): Promise<string> {
  return codegen({
    filename: `subgraphs/${sdl.context}/generated/graphql.ts`,
    schema: withoutLooseExtensions(sdl.document),
    schemaAst: executableSchema(sdl),
    documents: [],
    plugins: [{ typescript: {} }, { partOf: {} }, { resolvers: {} }],
    pluginMap: { typescript, partOf: { plugin: () => PART_OF }, resolvers },
    config: {
      federation: true,
      contextType: '@madang/kernel/graphql#RequestContext',
      defaultMapper: 'PartOf<{T}>',
      mappers: mappers(sdl.context, base),
      scalars: RESOLVER_SCALARS,
      defaultScalarType: 'unknown',
      enumsAsTypes: true,
      makeResolverTypeCallable: true,
      useTypeImports: true,
      maybeValue: 'T | null | undefined',
      inputMaybeValue: 'T | null | undefined',
    },
  });
}

function mappers(context: string, base: string): Record<string, string> {
  const file = path.join(base, 'subgraphs', context, 'mappers.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
}
