import { setImmediate as nextTurn } from 'node:timers/promises';
import { GraphQLError, type GraphQLSchema, getNamedType, isCompositeType, isRequiredArgument } from 'graphql';
import type { Engine } from '../engine/engine.ts';
import { SupergraphRefused } from './edition.ts';
import type { KnownOperation } from './known-operations.ts';

/** What is wrong, and where in the text, if that is known. */
export function problemsOf(error: unknown): string[] {
  if (error instanceof AggregateError) return error.errors.flatMap(problemsOf);
  if (error instanceof GraphQLError) {
    const at = error.locations?.[0];
    return [at ? `${at.line}:${at.column} ${error.message}` : error.message];
  }
  return [error instanceof Error ? error.message : String(error)];
}

/** A query that every supergraph can be asked: a first field that needs no arguments, if there is one. */
function trial(schema: GraphQLSchema): string {
  const fields = Object.values(schema.getQueryType()?.getFields() ?? {});
  const field = fields.find(({ args }) => !args.some(isRequiredArgument));
  if (!field) return '{ __typename }';
  return isCompositeType(getNamedType(field.type)) ? `{ ${field.name} { __typename } }` : `{ ${field.name} }`;
}

function planned(engine: Engine, text: string, name: string | undefined): string | undefined {
  try {
    const made = engine.prepare(text, name, true);
    return 'problems' in made ? made.problems[0]?.message : undefined;
  } catch (error) {
    return problemsOf(error)[0];
  }
}

/**
 * Plans with an engine that is not in use yet: a trial query, then every known operation, so that these are planned when it comes into use.
 * @returns a warning for each known operation that is not valid
 * @throws SupergraphRefused when it cannot plan; if `strict`, also for the known operations
 */
export async function judge(engine: Engine, operations: readonly KnownOperation[], strict: boolean): Promise<string[]> {
  const problem = planned(engine, trial(engine.schema), undefined);
  if (problem !== undefined) throw new SupergraphRefused([`it cannot be planned for: ${problem}`]);
  const warnings: string[] = [];
  for (const { name, file, text } of operations) {
    const wrong = planned(engine, text, name);
    if (wrong !== undefined) warnings.push(`the operation ${name} (schema/operations/${file}) is not valid any more: ${wrong}`);
    // Requests wait for each of these, not for all.
    await nextTurn();
  }
  if (strict && warnings.length > 0) throw new SupergraphRefused(warnings);
  return warnings;
}
