import { GraphQLError } from 'graphql';
import { limitOf, tooCostly } from '../cost/budget.ts';
import type { Result } from '../engine/engine.ts';
import type { Prepared, Unprepared } from '../engine/prepare.ts';
import { badRequest, batchingDisabled } from './bad-request.ts';
import type { Exchange } from './exchange.ts';
import type { Front } from './front.ts';
import { fromBody, type Parameters } from './parameters.ts';

const refused = (code: string, message: string, more: Readonly<Record<string, unknown>> = {}): GraphQLError =>
  new GraphQLError(message, { extensions: { code, ...more, http: { status: 400 } } });

/** An operation of a batch, or why it is none. */
type Part = { readonly parameters: Parameters; readonly operation: Prepared | Unprepared } | { readonly error: unknown };

type CarryOut = (operation: Prepared | Unprepared, parameters: Parameters, exchange: Exchange) => Promise<Result>;

/**
 * Several operations in one POST, as an array: carried out at the same time, answered in their order. What is wrong with one of them is its answer alone; all together may
 * cost what one may.
 */
export function batches(front: Pick<Front, 'door' | 'persisted' | 'engine' | 'documents' | 'show' | 'watching'>, carryOut: CarryOut) {
  const { door, persisted, engine, documents, show, watching } = front;

  function read(body: unknown): Part {
    try {
      const parameters = fromBody(body);
      const operation = persisted.prepare(parameters);
      if ('plan' in operation && operation.type === 'subscription') throw badRequest('A subscription cannot be part of a batch.');
      return { parameters, operation };
    } catch (error) {
      return { error };
    }
  }

  const costOf = (part: Part): number =>
    'operation' in part && 'plan' in part.operation ? (engine.estimate(part.operation, part.parameters.variables)?.estimated ?? 0) : 0;

  /** @throws GraphQLError BATCHING_DISABLED, BATCH_TOO_LARGE, COST_LIMIT_EXCEEDED, BAD_REQUEST, status 400 */
  return async (body: readonly unknown[], exchange: Exchange): Promise<readonly Result[]> => {
    const { batch } = documents;
    if (batch === 0) throw batchingDisabled();
    if (body.length === 0) throw badRequest('A batch has at least one operation.');
    if (body.length > batch)
      throw refused('BATCH_TOO_LARGE', `A batch has at most ${batch} operations.`, { limit: batch, found: body.length });
    const parts = body.map(read);
    const limit = limitOf(documents);
    const cost = limit === null ? 0 : parts.reduce((all, part) => all + costOf(part), 0);
    if (limit !== null && cost > limit) {
      const { message } = tooCostly(cost, limit);
      throw refused('COST_LIMIT_EXCEEDED', message, { cost, limit });
    }
    // Each operation is told of by itself.
    const { context, request } = exchange;
    context.watch?.apart();
    return Promise.all(
      parts.map(async (part, at) => {
        const watch = watching('http', request.headers);
        try {
          // The first one came in with the request.
          if (at > 0 && context.client) door.admit(context.actor, context.client);
          if ('error' in part) throw part.error;
          return await carryOut(part.operation, part.parameters, { ...exchange, context: { ...context, watch } });
        } catch (error) {
          const shown = show(error, context.correlationId);
          watch.refused([shown]);
          return { errors: [shown] };
        } finally {
          watch.end(context.actor, context.correlationId);
        }
      }),
    );
  };
}
