import path from 'node:path';
import { GraphQLSchema } from 'graphql';
import { executableSchema, type Sdl } from '../../generate/sdl.ts';
import type { Finding } from '../finding.ts';
import type { Repository } from '../repository.ts';
import { judged } from './judge.ts';
import { fromText } from './known.ts';

/** Every document from context to context is valid against the SDL of who is called. */
export function checkCalls(sdls: readonly Sdl[], repository: Repository): { findings: Finding[]; count: number } {
  const findings: Finding[] = [];
  let count = 0;
  for (const caller of repository.folders('subgraphs')) {
    for (const file of repository.files(`subgraphs/${caller}/adapters`, '.graphql')) {
      const callee = path.basename(file, '.graphql');
      const sdl = sdls.find(({ context }) => context === callee);
      const schema = sdl && executable(sdl);
      count += 1;
      if (schema) findings.push(...judged(fromText(repository.read(file), file), schema, repository, 'call'));
      else if (!repository.exists(`schema/subgraphs/${callee}.graphql`)) findings.push(toNobody(caller, callee, file, sdls));
    }
  }
  return { findings, count };
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

function executable(sdl: Sdl): GraphQLSchema | undefined {
  try {
    // A context may have no queries, and composition says what else is wrong with an SDL.
    return new GraphQLSchema({ ...executableSchema(sdl).toConfig(), assumeValid: true });
  } catch {
    return undefined;
  }
}
