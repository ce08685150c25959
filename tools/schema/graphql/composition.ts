import { buildSchema, type GraphQLError, type GraphQLSchema } from 'graphql';
import { readSdl, type Sdl } from '../../generate/sdl.ts';
import { type Composed, tryToCompose } from '../../generate/supergraph.ts';
import { contextsWithSdl } from '../../workspace.ts';
import type { Repository } from '../repository.ts';

/** All SDLs of a repository, and what they make together. */
export interface Composition {
  readonly sdls: readonly Sdl[];
  /** What could not even be read: a syntax error each. */
  readonly unreadable: readonly unknown[];
  readonly errors: readonly GraphQLError[];
  /** Undefined when it does not compose. */
  readonly composed: Composed | undefined;
  /** What clients see; undefined when it does not compose. */
  readonly api: GraphQLSchema | undefined;
}

const made = new WeakMap<Repository, Composition>();

/** Several checks ask for it: it is made once for a `Repository`. */
export function compositionOf(repository: Repository): Composition {
  const known = made.get(repository);
  if (known) return known;
  const fresh = composeAll(repository);
  made.set(repository, fresh);
  return fresh;
}

function composeAll(repository: Repository): Composition {
  const sdls: Sdl[] = [];
  const unreadable: unknown[] = [];
  for (const context of contextsWithSdl(repository.root)) {
    try {
      sdls.push(readSdl(context, repository.root));
    } catch (error) {
      unreadable.push(error);
    }
  }
  if (unreadable.length > 0 || sdls.length === 0) return { sdls, unreadable, errors: [], composed: undefined, api: undefined };
  const result = tryToCompose(sdls);
  if ('errors' in result) return { sdls, unreadable, errors: result.errors, composed: undefined, api: undefined };
  return { sdls, unreadable, errors: [], composed: result, api: buildSchema(result.api) };
}
