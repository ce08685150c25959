import { type DocumentNode, type GraphQLError, type GraphQLSchema, Kind, validate } from 'graphql';
import type { Finding, Place } from '../finding.ts';
import type { Repository } from '../repository.ts';
import { type Known, OPERATIONS } from './known.ts';

/** Stands on the line of an operation that a test sends to be refused. */
const ON_PURPOSE = 'wrong on purpose';

const MENDS = {
  call: 'change the document to what the callee’s SDL has; if the callee changed, keep what it had until its callers are released',
  operation: 'change the operation to what schema/api.graphql has; if the SDL changed, keep what it had',
};

/** What is wrong with operations, whether clients send them or contexts. */
export function judged(operations: readonly Known[], schema: GraphQLSchema, repository: Repository, kind: 'operation' | 'call'): Finding[] {
  return operations.flatMap((known) => {
    const errors = known.document ? faults(schema, known.document) : known.error ? [known.error] : [];
    return errors
      .map((error) => ({ message: error.message, at: error.locations?.[0] ? known.locate(error.locations[0]) : known.at }))
      .filter(({ at }) => !isOnPurpose(at, repository))
      .map(({ message, at }): Finding => {
        const rule = known.document ? `invalid-${kind}` : 'syntax';
        return { check: 'operations', rule, severity: 'error', message, for: known.title, mend: MENDS[kind] + exception(at), at };
      });
  });
}

/** What is wrong with a document, as far as it is known. */
function faults(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[] {
  return validate(schema, document).filter(({ message }) => !message.includes('__unknown'));
}

function exception({ file }: Place): string {
  return file.endsWith('.ts') ? `. One that is sent to be refused has “${ON_PURPOSE}” on its line` : '';
}

function isOnPurpose({ file, line }: Place, repository: Repository): boolean {
  if (!line || !repository.exists(file)) return false;
  return repository.read(file).split('\n')[line - 1]?.includes(ON_PURPOSE) ?? false;
}

/** Whoever is told that an operation breaks must know which it is. */
export function withoutName(operations: readonly Known[]): Finding[] {
  return operations
    .filter(({ at }) => at.file.startsWith(`${OPERATIONS}/`))
    .flatMap(({ document, locate }) => document?.definitions.map((definition) => ({ definition, locate })) ?? [])
    .flatMap(({ definition, locate }): Finding[] => {
      if (definition.kind !== Kind.OPERATION_DEFINITION || definition.name || !definition.loc) return [];
      const at = locate(definition.loc.startToken);
      const message = `this ${definition.operation} has no name`;
      return [{ check: 'operations', rule: 'operation-name', severity: 'error', message, mend: 'give it one: query MyPage { … }', at }];
    });
}
