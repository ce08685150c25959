import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, execute } from 'graphql';
import type { Cause } from '../context/definition.ts';
import type { InFlight } from './in-flight.ts';
import type { RequestContext } from './request-context.ts';

/**
 * GraphQL's `subscribe`, but each event is executed with a context of its own: loaders remember what they loaded, and what belongs to an event is to be
 * read when it happens.
 */
export async function subscribePerEvent(
  args: ExecutionArgs,
  contextFor: (cause: Cause) => RequestContext,
  open: InFlight,
): Promise<AsyncGenerator<ExecutionResult, void, void> | ExecutionResult> {
  const source = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in source)) return source;
  const { cause } = args.contextValue as RequestContext;
  const events = source[Symbol.asyncIterator]();
  const leave = open.enter();

  async function* results(): AsyncGenerator<ExecutionResult, void, void> {
    try {
      for (let event = await events.next(); !event.done; event = await events.next())
        yield await execute({ ...args, rootValue: event.value, contextValue: contextFor(cause) });
    } finally {
      leave();
    }
  }

  const generator = results();
  const stop = generator.return.bind(generator);
  // A generator that waits for an event does not hear `return`; its source does.
  generator.return = async (value) => {
    await events.return?.();
    leave();
    return stop(value);
  };
  return generator;
}
