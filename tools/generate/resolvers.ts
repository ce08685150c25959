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

const ROOTS = ['Query', 'Mutation', 'Subscription'];

/** A field that the row does not have is to be resolved: otherwise it would be null, or an error, at run time only. */
const ANSWERED = `
type Lacking<Row, R> = { [Field in keyof R as Field extends \`__\${string}\` ? never : Field extends (Row extends unknown ? keyof Row : never) ? never : Field]-?: Exclude<R[Field], undefined> };
type Answered<Name extends string, Row, R> = [keyof Lacking<Row, R>] extends [never] ? { [Type in Name]?: R } : { [Type in Name]: R & Lacking<Row, R> };
`;

/**
 * The resolver types of a context. A type's row is what `subgraphs/<context>/mappers.json` says (`"Payment": "../read-models/payments.ts#PaymentRow"`,
 * seen from `generated/`), otherwise any part of the type.
 */
export async function resolverTypes(sdl: Sdl, base = root): Promise<string> {
  const rows = mappers(sdl.context, base);
  const types = await codegen({
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
      mappers: rows,
      scalars: RESOLVER_SCALARS,
      defaultScalarType: 'unknown',
      enumsAsTypes: true,
      makeResolverTypeCallable: true,
      useTypeImports: true,
      maybeValue: 'T | null | undefined',
      inputMaybeValue: 'T | null | undefined',
    },
  });
  return complete(types, Object.keys(rows));
}

/** Makes `Resolvers` ask for every root field, and for what the rows of mappers.json lack. */
function complete(types: string, mapped: readonly string[]): string {
  const start = types.indexOf('export type Resolvers<');
  const end = types.indexOf('\n};', start);
  const lines = types.slice(start, end).split('\n');
  const own = [...ROOTS, ...mapped].filter((name) => lines.some((line) => line.trimStart().startsWith(`${name}?: `)));
  const left = lines.filter((line) => !own.some((name) => line.trimStart().startsWith(`${name}?: `)));
  const rowOf = (name: string) => (ROOTS.includes(name) ? 'object' : `ResolversParentTypes['${name}']`);
  const asked = own.map((name) => `Answered<'${name}', ${rowOf(name)}, ${name}Resolvers<ContextType>>`);
  return `${types.slice(0, start)}${left.join('\n')}\n}${asked.map((it) => `\n  & ${it}`).join('')};${types.slice(end + '\n};'.length)}${ANSWERED}`;
}

function mappers(context: string, base: string): Record<string, string> {
  const file = path.join(base, 'subgraphs', context, 'mappers.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
}
