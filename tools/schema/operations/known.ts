import {
  type DocumentNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  parse,
  Source,
  type SourceLocation,
  separateOperations,
} from 'graphql';
import type { Place } from '../finding.ts';
import type { Base, Repository } from '../repository.ts';
import { embeddedIn, placeIn, wholeOf } from './embedded.ts';
import { Sources } from './module.ts';

/** An operation (or a document of several) that somebody sends. */
export interface Known {
  readonly title: string;
  readonly at: Place;
  /** Undefined when it is no GraphQL: see `error`. */
  readonly document: DocumentNode | undefined;
  readonly error?: GraphQLError;
  /** Parts of it are only known when the program runs; they are called `__unknown` in the document. */
  readonly open: boolean;
  /** Where a place of the document was written. */
  locate(location: SourceLocation): Place;
}

/** Where programs stand that send operations to the router. */
const PROGRAMS = [
  ['e2e', '.ts'],
  ['bench', '.ts'],
  ['router/front', '.js'],
  ['tools/start', '.ts'],
  ['web', '.ts'],
  ['web', '.tsx'],
  ['web', '.js'],
] as const;
const INSTALLED = /(^|\/)(dist|vendor)\//;
/** What is sent to another supergraph than ours. */
const OTHERS = ['bench/router/'];

/** The folder of operations that clients outside of this repository send. */
export const OPERATIONS = 'schema/operations';

const made = new WeakMap<Repository, readonly Known[]>();

/** Every operation that is known: of `schema/operations/`, of the programs, and of what the documentation shows. Found once for a `Repository`. */
export function knownOperations(repository: Repository): readonly Known[] {
  const known = made.get(repository) ?? [...collected(repository), ...shown(repository), ...written(repository)];
  made.set(repository, known);
  return known;
}

/** The operations of `schema/operations/` that were known to the base: clients that are out there send them, whatever this change removes. */
export function releasedOperations(base: Base): Known[] {
  return base.files(OPERATIONS, '.graphql').flatMap((file) => fromText(base.read(file) ?? '', file));
}

function collected(repository: Repository): Known[] {
  return repository.files(OPERATIONS, '.graphql').flatMap((file) => fromText(repository.read(file), file));
}

/** The ```graphql blocks of README.md and docs/. */
function shown(repository: Repository): Known[] {
  const files = [...(repository.exists('README.md') ? ['README.md'] : []), ...repository.files('docs', '.md')];
  return files.flatMap((file) => {
    const text = repository.read(file);
    return [...text.matchAll(/^```graphql\n([\s\S]*?)^```/gm)]
      .map(([, block = '']) => ({ block, line: text.slice(0, text.indexOf(block)).split('\n').length }))
      .flatMap(({ block, line }) => fromText(block, file, line))
      .filter(({ document }) => !document || document.definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION));
  });
}

function written(repository: Repository): Known[] {
  const sources = new Sources(repository);
  const files = PROGRAMS.flatMap(([folder, ending]) => repository.files(folder, ending)).filter(
    (file) => !INSTALLED.test(file) && !OTHERS.some((folder) => file.startsWith(folder)),
  );
  const modules = files.flatMap((file) => sources.module(file) ?? []);
  return modules.flatMap((module) =>
    embeddedIn(module).flatMap(({ text, document, syntaxError, at, open }) => {
      const locate = (location: SourceLocation) => placeIn(text, location, wholeOf(text), sources) ?? at;
      return each({ title: titleOf(document, at), at, document, open, ...(syntaxError && { error: syntaxError }), locate });
    }),
  );
}

/** Operations of a `.graphql` file, or of a block that begins at a line of another. */
export function fromText(text: string, file: string, line = 1): Known[] {
  const at = { file, line };
  const locate = (location: SourceLocation) => ({ file, line: location.line + line - 1, column: location.column });
  try {
    const document = parse(new Source(text, file));
    return each({ title: titleOf(document, at), at, document, open: false, locate });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return [{ title: titleOf(undefined, at), at, document: undefined, error, open: false, locate }];
  }
}

/** Each operation of a document by itself, with the fragments that it needs. */
function each(known: Known): Known[] {
  const names = known.document ? operationsOf(known.document).map(({ name }) => name?.value) : [];
  if (!known.document || names.length < 2 || new Set(names).size < names.length || names.includes(undefined)) return [known];
  return Object.values(separateOperations(known.document)).map((document) => ({ ...known, document, title: titleOf(document, known.at) }));
}

function operationsOf(document: DocumentNode): OperationDefinitionNode[] {
  return document.definitions.filter((it) => it.kind === Kind.OPERATION_DEFINITION);
}

/** `mutation SignIn (e2e/harness/people.ts:12)` */
function titleOf(document: DocumentNode | undefined, { file, line }: Place): string {
  const names = (document ? operationsOf(document) : []).map(({ operation, name }) =>
    name ? `${operation} ${name.value}` : `a ${operation}`,
  );
  return `${names.length > 0 ? names.join(', ') : 'an operation'} (${file}${line && !file.endsWith('.graphql') ? `:${line}` : ''})`;
}
