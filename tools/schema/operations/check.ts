import { type DocumentNode, type GraphQLError, type GraphQLSchema, validate } from 'graphql';
import { calleesOf } from '../../generate/operations.ts';
import { executableSchema, type Sdl } from '../../generate/sdl.ts';
import type { Check, Finding, Place } from '../finding.ts';
import { compositionOf } from '../graphql/composition.ts';
import type { Base, Repository } from '../repository.ts';
import { fromText, type Known, knownOperations, releasedOperations } from './known.ts';
import { hasOpenNames } from './usage.ts';

/** Stands on the line of an operation that a test sends to be refused. */
const ON_PURPOSE = 'wrong on purpose';

/** Every known operation is valid against the API, and every document from context to context against the SDL of who is called. */
export const checkOperations: Check = async (repository, base) => {
  const { api, sdls } = compositionOf(repository);
  const calls = sdls.flatMap((sdl) => callsTo(sdl, repository));
  const findings = sdls.flatMap((sdl) =>
    judged(
      calls.filter(({ callee }) => callee === sdl.context).map(({ known }) => known),
      executable(sdl),
      repository,
      'call',
    ),
  );
  findings.push(...callsToNobody(repository, sdls), ...releasedCalls(sdls, base, repository));
  if (!api) return findings;
  const known = knownOperations(repository);
  findings.push(...judged(known, api, repository, 'operation'));
  if (base) findings.push(...released(releasedOperations(base), known, api));
  return [...findings, ...counted(known, calls.length)];
};

/** Finds what is wrong with operations; `kind` is whether clients or contexts send them. */
function judged(
  operations: readonly Known[],
  schema: GraphQLSchema | undefined,
  repository: Repository,
  kind: 'operation' | 'call',
): Finding[] {
  if (!schema) return [];
  return operations.flatMap((known) => {
    const errors = known.document ? faults(schema, known.document) : known.error ? [known.error] : [];
    return errors
      .map((error) => ({ error, at: error.locations?.[0] ? known.locate(error.locations[0]) : known.at }))
      .filter(({ at }) => !isOnPurpose(at, repository))
      .map(
        ({ error, at }): Finding => ({
          check: 'operations',
          rule: known.document ? `invalid-${kind}` : 'syntax',
          severity: 'error',
          message: error.message,
          for: known.title,
          mend: mendOf(kind),
          at,
        }),
      );
  });
}

function mendOf(kind: 'operation' | 'call'): string {
  if (kind === 'call')
    return 'change the document to what the callee’s SDL has; if the callee changed, keep what it had until its callers are released';
  return `change the operation to what schema/api.graphql has; if the SDL changed, keep what it had. One that is to be refused has “${ON_PURPOSE}” on its line`;
}

/** What is wrong with a document, as far as it is known. */
function faults(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[] {
  return validate(schema, document).filter(({ message }) => !message.includes('__unknown'));
}

function isOnPurpose({ file, line }: Place, repository: Repository): boolean {
  if (!line || !repository.exists(file)) return false;
  return repository.read(file).split('\n')[line - 1]?.includes(ON_PURPOSE) ?? false;
}

/** Operations that this change takes out of `schema/operations/` are still sent by the clients that are out there. */
function released(operations: readonly Known[], known: readonly Known[], api: GraphQLSchema): Finding[] {
  const still = new Set(known.map(({ at }) => at.file));
  return operations
    .filter(({ at, document }) => document && !still.has(at.file))
    .flatMap(({ title, document, at }) =>
      faults(api, document as DocumentNode).map(
        ({ message }): Finding => ({
          check: 'operations',
          rule: 'released-operation',
          severity: 'error',
          change: 'breaking',
          message: `${message}, which a released client asks for`,
          for: title,
          mend: 'take the operation out first and what it used later, when no client sends it any more; or accept it in schema/accepted-changes.yaml',
          at: { file: at.file },
        }),
      ),
    );
}

function callsTo({ context: callee }: Sdl, repository: Repository): { callee: string; known: Known }[] {
  const files = repository.folders('subgraphs').map((caller) => `subgraphs/${caller}/adapters/${callee}.graphql`);
  return files.filter((file) => repository.exists(file)).map((file) => ({ callee, known: fromText(repository.read(file), file) }));
}

function callsToNobody(repository: Repository, sdls: readonly Sdl[]): Finding[] {
  const callers = repository.folders('subgraphs');
  return callers.flatMap((caller) =>
    calleesOf(caller, repository.root)
      .filter((callee) => !sdls.some(({ context }) => context === callee) && !repository.exists(`schema/subgraphs/${callee}.graphql`))
      .map(
        (callee): Finding => ({
          check: 'operations',
          rule: 'call-to-nobody',
          severity: 'error',
          message: `there is no context "${callee}"`,
          for: caller,
          mend: `the file is named for the context that is called; ${sdls.map(({ context }) => context).join(', ')} have an SDL`,
          at: { file: `subgraphs/${caller}/adapters/${callee}.graphql` },
        }),
      ),
  );
}

/** While a new version of a context is rolled out, the released callers still call it as they did. */
function releasedCalls(sdls: readonly Sdl[], base: Base | null, repository: Repository): Finding[] {
  const documents = base?.files('subgraphs', '.graphql').filter((file) => /^subgraphs\/[^/]+\/adapters\/[^/]+$/.test(file)) ?? [];
  return documents.flatMap((file) => {
    const callee = file.split('/').at(-1)?.replace('.graphql', '');
    const sdl = sdls.find(({ context }) => context === callee);
    const text = base?.read(file) ?? '';
    const schema = sdl && executable(sdl);
    if (!sdl || !schema || (repository.exists(file) && repository.read(file) === text)) return [];
    const { document } = fromText(text, file);
    return (document ? faults(schema, document) : []).map(
      ({ message }): Finding => ({
        check: 'operations',
        rule: 'released-call',
        severity: 'error',
        change: 'breaking',
        message: `${message}, which the released ${file.split('/')[1]} asks of ${callee}`,
        for: `${file.split('/')[1]}, as it runs while ${callee} is rolled out`,
        mend: 'let the callee take both the old and the new until all callers are released; or accept it in schema/accepted-changes.yaml',
        at: { file: sdl.file },
      }),
    );
  });
}

function executable(sdl: Sdl): GraphQLSchema | undefined {
  try {
    return executableSchema(sdl);
  } catch {
    return undefined; // composition says what is wrong with it
  }
}

/** How many there are, and which of them only a run would tell: nothing is dropped in silence. */
function counted(known: readonly Known[], calls: number): Finding[] {
  const open = known.filter(({ document, open }) => open && document && hasOpenNames(document));
  const places = [...new Set(open.map(({ at }) => `${at.file}:${at.line}`))];
  const but =
    places.length > 0
      ? `; ${places.length} of them have names that only a run tells, and are checked as far as they are known: ${places.join(', ')}`
      : '';
  return [
    {
      check: 'operations',
      rule: 'counted',
      severity: 'info',
      message: `${known.length} operations of clients and ${calls} documents from context to context were looked at${but}`,
    },
  ];
}
