import { composeServices } from '@apollo/composition';
import { printSchema, ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import { GraphQLError, parse } from 'graphql';
import { withHints, withoutHints } from '../../router/engine/cache/hints.ts';
import { describe, type Sdl } from './sdl.ts';

/** `supergraph` is what the router loads, `api` what clients see. */
export type Composed = { supergraph: string; api: string; hints: string[] };

/** Composes the contexts' SDLs. Throws one error with all that is wrong, each line with its file. */
export function compose(sdls: Sdl[]): Composed {
  const result = tryToCompose(sdls);
  if ('errors' in result) throw new Error(result.errors.map((error) => explain(error, sdls)).join('\n'));
  return result;
}

/** Composes, or answers what is wrong. The urls in it are placeholders that nobody resolves: the router takes `<CONTEXT>_URL`. */
export function tryToCompose(sdls: Sdl[]): Composed | { errors: GraphQLError[] } {
  const result = composeServices(
    sdls.map(({ context, document }) => ({ name: context, url: `http://${context}.invalid/graphql`, typeDefs: withoutHints(document) })),
  );
  if (result.errors) return { errors: result.errors };
  // Those of the router include who may ask for what, which is not in what clients see.
  const api = Supergraph.build(result.supergraphSdl, { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES }).apiSchema();
  // Each context describes another's entity by what it has to do with it: that these differ is no news.
  const hints = result.hints
    .filter(({ definition }) => definition.level.value >= 60 && definition.code !== 'INCONSISTENT_DESCRIPTION')
    .map(({ definition, message }) => `${definition.code}: ${message.split('\n')[0]}`);
  const written = Object.fromEntries(sdls.map(({ context, document }) => [context, document]));
  return { supergraph: ended(withHints(result.supergraphSdl, parse(result.supergraphSdl), written)), api: ended(printSchema(api)), hints };
}

function explain(error: GraphQLError, sdls: Sdl[]): string {
  const code = typeof error.extensions.code === 'string' ? `${error.extensions.code}: ` : '';
  const message = describe(new GraphQLError(`${code}${error.message}`, { nodes: error.nodes ?? null }));
  // Composition names subgraphs as in [payments]; say which file that is.
  const named = sdls.filter(({ context, file }) => message.includes(`[${context}]`) && !message.includes(file)).map(({ file }) => file);
  return named.length > 0 ? `${named.join(', ')}  ${message}` : message;
}

function ended(text: string): string {
  return `${text.trimEnd()}\n`;
}
