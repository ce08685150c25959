import type { GraphQLFormattedError } from 'graphql';
import type { RequestContext } from '../context.ts';
import type { Result } from '../engine/engine.ts';
import type { Prepared, Unprepared } from '../engine/prepare.ts';
import { isSubscribed } from '../engine/subscriptions/resumable.ts';
import { UpstreamRefused } from '../engine/subscriptions/source.ts';
import type { Subscription } from '../engine/subscriptions/subscription.ts';
import type { Front } from './front.ts';
import { operations } from './operations.ts';
import type { Parameters } from './parameters.ts';

/** Begins operations for fronts that can answer them with more than one result. */
export function beginning(front: Pick<Front, 'engine' | 'metrics' | 'show' | 'subscriptions'>) {
  const { engine, metrics, show, subscriptions } = front;
  const carryOut = operations(front);

  return {
    prepare: ({ query = '', operationName }: Parameters): Prepared | Unprepared => engine.prepare(query, operationName),

    /** @throws GraphQLError what is wrong with the variables, TOO_MANY_SUBSCRIPTIONS */
    begin(
      operation: Prepared,
      variables: Readonly<Record<string, unknown>>,
      context: RequestContext,
      address: string,
    ): Promise<Result> | Subscription {
      if (!isSubscribed(operation)) return carryOut(operation, variables, context);
      const [problem] = engine.variableProblems(operation, variables);
      if (problem) throw problem;
      metrics.requests.inc({ protocol: context.protocol, operation: 'subscription', outcome: 'ok' });
      return subscriptions.open({ operation, variables, context, address });
    },

    /** What ended an operation, as the client may see it. */
    shown: (error: unknown, { correlationId }: RequestContext): GraphQLFormattedError[] =>
      (error instanceof UpstreamRefused ? error.all : [error]).map((each) => show(each, correlationId)),
  };
}

export type Beginning = ReturnType<typeof beginning>;

const texts = new WeakMap<Result, string>();

/** A result as JSON; written once, however many get it. */
export function textOf(result: Result): string {
  const known = texts.get(result);
  if (known !== undefined) return known;
  const text = JSON.stringify(result);
  texts.set(result, text);
  return text;
}
