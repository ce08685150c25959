import type { IncomingHttpHeaders } from 'node:http';
import { badRequest } from './bad-request.ts';
import { EventStream, SharedStreams } from './event-stream.ts';
import type { Exchange, Way } from './exchange.ts';
import type { Front } from './front.ts';
import { wantsEventStream, wantsMultipart } from './media-type.ts';
import { type Parameters, parametersOf } from './parameters.ts';
import { preventForgery } from './preflight.ts';

const TOKEN = 'x-graphql-event-stream-token';

const single = (headers: IncomingHttpHeaders, name: string): string | undefined => {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
};

/** Chooses who answers: Server-Sent Events (graphql-sse's protocol, both modes), parts, or one answer. */
export function waysOf(front: Front, own: Way, one: Way = own): Way {
  const { limits } = front;
  const shared = new SharedStreams(front);

  const tokenOf = ({ request, search }: Exchange): string | undefined =>
    single(request.headers, TOKEN) ?? (search.includes('token=') ? (new URLSearchParams(search).get('token') ?? undefined) : undefined);

  const contextOf = ({ context }: Exchange, { extensions }: Parameters) => {
    context.watch?.as('sse');
    return { ...context, protocol: 'sse' as const, tellCost: context.tellCost || extensions.cost === true };
  };
  const addressOf = ({ context }: Exchange): string => context.client?.address ?? '';

  function asked(parameters: Parameters, { request }: Exchange): Parameters {
    const operation = front.persisted.prepare(parameters);
    if (request.method === 'GET' && !('problems' in operation) && operation.type === 'mutation')
      throw badRequest('A mutation needs a POST.', { status: 405, headers: { allow: 'POST' } });
    return parameters;
  }

  /** Answers what is about a stream, or begins something there. */
  const short = ({ response, context, cors }: Exchange, status: number, text = ''): void => {
    context.watch?.apart();
    response
      .writeHead(status, { ...cors, 'content-type': 'text/plain; charset=utf-8', 'x-correlation-id': context.correlationId })
      .end(text);
  };

  async function distinct(exchange: Exchange): Promise<void> {
    preventForgery(exchange.request.headers);
    const parameters = asked(await parametersOf(exchange.request, exchange.search, limits.bodyBytes), exchange);
    const stream = new EventStream(front, exchange, () => undefined);
    stream.connect(exchange);
    await stream.run(undefined, parameters, contextOf(exchange, parameters), addressOf(exchange));
  }

  async function onShared(stream: EventStream, exchange: Exchange): Promise<void> {
    const { request, search } = exchange;
    if (request.method === 'DELETE') {
      stream.stop(new URLSearchParams(search).get('operationId') ?? '');
      return short(exchange, 200);
    }
    if (wantsEventStream(request.headers.accept)) {
      if (stream.open) throw badRequest('The event stream has a listener already.', { status: 409 });
      exchange.context.watch?.apart();
      return stream.connect(exchange);
    }
    const parameters = asked(await parametersOf(request, search, limits.bodyBytes), exchange);
    const { operationId } = parameters.extensions;
    if (typeof operationId !== 'string' || operationId === '') throw badRequest('`extensions.operationId` is missing.');
    if (stream.has(operationId)) throw badRequest('There is an operation with that id.', { status: 409 });
    if (stream.size >= limits.operationsPerSocket)
      throw badRequest('Too many operations at once on this stream.', { status: 429 }, 'TOO_MANY_OPERATIONS');
    short(exchange, 202);
    // The request is over when it is accepted; its operation is not.
    const { signal: _, ...context } = contextOf(exchange, parameters);
    await stream.run(operationId, parameters, context, addressOf(exchange));
  }

  return async (exchange) => {
    const { method, headers } = exchange.request;
    if (method === 'PUT') return short(exchange, 201, shared.reserve(exchange));
    const token = tokenOf(exchange);
    if (token !== undefined) return onShared(shared.find(token, exchange), exchange);
    if (wantsEventStream(headers.accept)) return distinct(exchange);
    return wantsMultipart(headers.accept) ? own(exchange) : one(exchange);
  };
}
