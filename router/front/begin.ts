import type { GraphQLFormattedError } from 'graphql';
import type { RequestContext } from '../context.ts';
import type { Result } from '../engine/engine.ts';
import type { Prepared } from '../engine/prepare.ts';
import { isSubscribed } from '../engine/subscriptions/resumable.ts';
import { UpstreamRefused } from '../engine/subscriptions/source.ts';
import type { Subscription } from '../engine/subscriptions/subscription.ts';
import { asGraphQLError } from '../errors.ts';
import type { Front } from './front.ts';
import { operations } from './operations.ts';
import type { Parameters } from './parameters.ts';

/** Begins operations for fronts that can answer them with more than one result. */
export function beginning(front: Pick<Front, 'engine' | 'metrics' | 'persisted' | 'show' | 'subscriptions'>) {
  const { engine, metrics, persisted, show, subscriptions } = front;
  const carryOut = operations(front);

  return {
    prepare: persisted.prepare,

    /** @throws GraphQLError what is wrong with the variables, TOO_MANY_SUBSCRIPTIONS */
    begin(
      operation: Prepared,
      variables: Readonly<Record<string, unknown>>,
      context: RequestContext,
      address: string,
      { positions }: Parameters['extensions'] = {},
    ): Promise<Result> | Subscription {
      if (!isSubscribed(operation)) return carryOut(operation, variables, context);
      const { watch, protocol } = context;
      watch?.answered({ type: 'subscription', name: operation.name, errors: [] });
      const [problem] = engine.variableProblems(operation, variables);
      if (problem) throw problem;
      const subscription = subscriptions.open({ operation, variables, context, address, tellsPosition: positions === true });
      metrics.requests.inc({ protocol, operation: 'subscription', outcome: 'ok' });
      watch?.begun();
      return subscription;
    },

    /** What ended an operation, as the client may see it. */
    shown(errors: readonly unknown[], { correlationId, watch }: RequestContext): GraphQLFormattedError[] {
      watch?.refused(errors.map((error) => asGraphQLError(error).toJSON()));
      return errors
        .flatMap((error): readonly unknown[] => (error instanceof UpstreamRefused ? error.all : [error]))
        .map((each) => show(each, correlationId));
    },
  };
}

export type Beginning = ReturnType<typeof beginning>;

let last: { readonly result: Result; readonly text: string } | undefined;

/** A result as JSON; written once for all who get it at once. Not kept longer: of results that are remembered there are many. */
export function textOf(result: Result): string {
  if (last?.result !== result) last = { result, text: JSON.stringify(result) };
  return last.text;
}
