import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { codegen } from '@graphql-codegen/core';
import * as documentNode from '@graphql-codegen/typed-document-node';
import * as operations from '@graphql-codegen/typescript-operations';
import { validate } from 'graphql';
import { root } from '../workspace.ts';
import { CALLER_SCALARS } from './scalars.ts';
import { describe, executableSchema, parseFile, readSdl } from './sdl.ts';

/** The contexts that a context calls: those with an `adapters/<callee>.graphql`. */
export function calleesOf(context: string, base = root): string[] {
  const adapters = path.join(base, 'subgraphs', context, 'adapters');
  if (!existsSync(adapters)) return [];
  return readdirSync(adapters)
    .filter((file) => file.endsWith('.graphql'))
    .map((file) => file.slice(0, -'.graphql'.length))
    .sort();
}

/** Typed documents of `subgraphs/<context>/adapters/<callee>.graphql`, validated against all that the callee's SDL has. */
export async function callerDocuments(context: string, callee: string, base = root): Promise<string> {
  const file = `subgraphs/${context}/adapters/${callee}.graphql`;
  if (!existsSync(path.join(base, `schema/subgraphs/${callee}.graphql`)))
    throw new Error(`${file}: there is no schema/subgraphs/${callee}.graphql`);
  const sdl = readSdl(callee, base);
  const schemaAst = executableSchema(sdl);
  const document = parseFile(file, base);
  const errors = validate(schemaAst, document);
  if (errors.length > 0) throw new Error(errors.map(describe).join('\n'));
  return codegen({
    filename: `subgraphs/${context}/generated/${callee}.ts`,
    schema: sdl.document,
    schemaAst,
    documents: [{ location: file, document }],
    plugins: [{ operations: {} }, { documentNode: {} }],
    pluginMap: { operations, documentNode },
    skipDocumentsValidation: true,
    config: {
      scalars: CALLER_SCALARS,
      defaultScalarType: 'unknown',
      enumsAsTypes: true,
      enumType: 'string-literal',
      useTypeImports: true,
      skipTypename: true,
      maybeValue: 'T | null',
      inputMaybeValue: 'T | null | undefined',
    },
  });
}
