import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, execute } from 'graphql';
import type { Cause } from '../context/definition.ts';
import { following, inSpan, type Tracer, within } from '../observability/index.ts';
import type { InFlight } from './in-flight.ts';
import type { Origins } from './origins.ts';
import { Progress, progresses } from './progress.ts';
import type { RequestContext } from './request-context.ts';

/**
 * GraphQL's `subscribe`, but each event is executed with a context of its own: loaders remember what they loaded, and what belongs to an event is to be
 * read when it happens. With a tracer each event's execution is a span that follows from the event, and its result tells the traceparent in `extensions`.
 * With `progress` it tells, where the source knows it, at which cursor it begins and how far it has come: `{ data: null, extensions: { position } }`.
 */
export async function subscribePerEvent(
  args: ExecutionArgs,
  contextFor: (cause: Cause) => RequestContext,
  open: InFlight,
  { tracer, origins, progress }: { tracer?: Tracer | undefined; origins?: Origins | undefined; progress?: boolean } = {},
): Promise<AsyncGenerator<ExecutionResult, void, void> | ExecutionResult> {
  const source = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in source)) return source;
  const { cause } = args.contextValue as RequestContext;
  const events: AsyncIterator<unknown> = progress && progresses(source) ? source.withProgress() : source[Symbol.asyncIterator]();
  const leave = open.enter();

  async function result(payload: unknown): Promise<ExecutionResult> {
    if (payload instanceof Progress) return { data: null, extensions: { position: payload.cursor } };
    const origin = origins?.of(payload);
    if (!origin) return execute({ ...args, rootValue: payload, contextValue: contextFor(cause) });
    const attributes = { 'madang.event': origin.name, 'madang.actor': cause.actor.kind };
    return inSpan(tracer, `fill in ${origin.name}`, { ...following(origin), attributes }, async (span) => {
      const filled = await execute({ ...args, rootValue: payload, contextValue: contextFor(within(cause, span)) });
      return span ? { ...filled, extensions: { traceparent: span.traceparent } } : filled;
    });
  }

  async function* results(): AsyncGenerator<ExecutionResult, void, void> {
    try {
      for (let event = await events.next(); !event.done; event = await events.next()) yield await result(event.value);
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
