import { GraphQLSchema } from 'graphql';
import { calleesOf } from '../../generate/operations.ts';
import { executableSchema, type Sdl } from '../../generate/sdl.ts';
import type { Finding } from '../finding.ts';
import type { Base, Repository } from '../repository.ts';
import { faults, judged } from './judge.ts';
import { fromText } from './known.ts';

/** Every document from context to context is valid against the SDL of who is called: those of now, and those of the callers that are released. */
export function checkCalls(sdls: readonly Sdl[], repository: Repository, base: Base | null): { findings: Finding[]; count: number } {
  const findings: Finding[] = [];
  let count = 0;
  for (const caller of repository.folders('subgraphs')) {
    for (const callee of calleesOf(caller, repository.root)) {
      const file = `subgraphs/${caller}/adapters/${callee}.graphql`;
      const sdl = sdls.find(({ context }) => context === callee);
      const schema = sdl && executable(sdl);
      count += 1;
      if (schema) findings.push(...judged(fromText(repository.read(file), file), schema, repository, 'call'));
      else if (!repository.exists(`schema/subgraphs/${callee}.graphql`)) findings.push(toNobody(caller, callee, file, sdls));
    }
  }
  return { findings: [...findings, ...releasedCalls(sdls, base, repository)], count };
}

function toNobody(caller: string, callee: string, file: string, sdls: readonly Sdl[]): Finding {
  return {
    check: 'operations',
    rule: 'call-to-nobody',
    severity: 'error',
    message: `there is no context "${callee}"`,
    for: caller,
    mend: `the file is named for the context that is called: one of ${sdls.map(({ context }) => context).join(', ')}`,
    at: { file },
  };
}

/** While a new version of a context is rolled out, the released callers still call it as they did. */
function releasedCalls(sdls: readonly Sdl[], base: Base | null, repository: Repository): Finding[] {
  const documents = base?.files('subgraphs', '.graphql').filter((file) => /^subgraphs\/[^/]+\/adapters\/[^/]+$/.test(file)) ?? [];
  return documents.flatMap((file) => {
    const [, caller = '', , name = ''] = file.split('/');
    const sdl = sdls.find(({ context }) => name === `${context}.graphql`);
    const schema = sdl && executable(sdl);
    const text = base?.read(file) ?? '';
    if (!schema || (repository.exists(file) && repository.read(file) === text)) return [];
    const messages = fromText(text, file).flatMap(({ document }) =>
      (document ? faults(schema, document) : []).map(({ message }) => message),
    );
    return messages.map(
      (message): Finding => ({
        check: 'operations',
        rule: 'released-call',
        severity: 'error',
        change: 'breaking',
        message: `${message} The released ${caller} asks that of ${sdl.context}.`,
        for: `${caller}, as it runs while ${sdl.context} is rolled out`,
        mend: 'let the callee take both the old and the new until all callers are released; or accept it in schema/accepted-changes.yaml',
        at: { file: sdl.file },
      }),
    );
  });
}

function executable(sdl: Sdl): GraphQLSchema | undefined {
  try {
    // A context may have no queries, and composition says what else is wrong with an SDL.
    return new GraphQLSchema({ ...executableSchema(sdl).toConfig(), assumeValid: true });
  } catch {
    return undefined;
  }
}
