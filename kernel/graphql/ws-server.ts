import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type DocumentNode,
  type ExecutionArgs,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  parse,
  validate,
} from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Cause } from '../context/definition.ts';
import { type Actor, Refused } from '../domain/index.ts';
import { BoundedCache } from '../identity/bounded-cache.ts';
import type { InternalTokens } from '../identity/index.ts';
import { type Span, type Tracer, trailFrom, wordFor } from '../observability/index.ts';
import { MOST_BYTES } from './http-body.ts';
import { InFlight } from './in-flight.ts';
import { type Observer, rootFields } from './observe.ts';
import type { Origins } from './origins.ts';
import type { RequestContext } from './request-context.ts';
import { subscribePerEvent } from './subscribe-per-event.ts';

export interface WsOptions {
  readonly schema: GraphQLSchema;
  readonly tokens: InternalTokens;
  readonly observer: Observer;
  readonly inFlight: InFlight;
  readonly contextFor: (cause: Cause, span?: Span) => RequestContext;
  readonly tracer: Tracer | undefined;
  readonly origins: Origins | undefined;
  readonly draining: () => boolean;
}

/** What an operation tells about itself in `payload.extensions`. */
interface OperationExtensions {
  readonly token?: unknown;
  readonly correlationId?: unknown;
  readonly traceparent?: unknown;
  /** `true`: wants to be told where a subscription begins, and how far it has come. */
  readonly positions?: unknown;
}

interface Begun {
  readonly cause: Cause;
  readonly startedAt: number;
  readonly span: Span | undefined;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const wrapped = (error: unknown): GraphQLError =>
  error instanceof GraphQLError ? error : new GraphQLError(String(error), { originalError: error as Error });

/**
 * graphql-ws on the HTTP server's sockets. Each operation brings its internal token in `payload.extensions.token` (many users share a router's socket), with
 * `correlationId` and `traceparent` beside it; or the connection brought one for all of them in `connectionParams.token`. With `positions: true` a
 * subscription is told cursors between events, first of all where it begins.
 */
export function wsServer({ schema, tokens, observer, inFlight, contextFor, draining, tracer, origins }: WsOptions) {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_BYTES });
  const subscriptions = new InFlight();
  const documents = new BoundedCache<DocumentNode>(500);
  const connections = new WeakMap<object, Actor>();
  const begun = new WeakMap<SubscribePayload, Begun>();
  const positioned = new WeakSet<ExecutionArgs>();

  function documentOf(query: string): DocumentNode | readonly GraphQLError[] {
    const known = documents.get(query, 0);
    if (known) return known;
    let document: DocumentNode;
    try {
      document = parse(query);
    } catch (error) {
      return [coded(wrapped(error), 'GRAPHQL_PARSE_FAILED')];
    }
    const mistakes = validate(schema, document);
    if (mistakes.length > 0) return mistakes.map((mistake) => coded(mistake, 'GRAPHQL_VALIDATION_FAILED'));
    documents.set(query, document, Number.POSITIVE_INFINITY);
    return document;
  }

  async function actorOf(socket: object, { token }: OperationExtensions): Promise<Actor> {
    if (typeof token === 'string') return tokens.verify(token);
    const actor = connections.get(socket);
    if (actor) return actor;
    throw new Refused('UNAUTHENTICATED', 'This needs an internal token in extensions.token or connectionParams.token.');
  }

  async function argsOf(socket: object, payload: SubscribePayload): Promise<ExecutionArgs | readonly GraphQLError[]> {
    if (draining()) return [wrapped(new Refused('GOING_AWAY', 'This server stops; subscribe again.', { retryAfterSeconds: 1 }))];
    const extensions: OperationExtensions = payload.extensions ?? {};
    const actor = await actorOf(socket, extensions);
    const parent = text(extensions.traceparent);
    const span = tracer?.start('graphql', { kind: 'server', parent });
    const trail = trailFrom({ 'x-correlation-id': text(extensions.correlationId), traceparent: parent }, span?.traceparent);
    const cause = { actor, ...trail };
    begun.set(payload, { cause, startedAt: performance.now(), span });
    const document = documentOf(payload.query);
    if (!('kind' in document)) return document;
    if (!getOperationAST(document, payload.operationName))
      return [new GraphQLError('There is no such operation.', { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } })];
    const args = {
      schema,
      document,
      operationName: payload.operationName,
      variableValues: payload.variables,
      contextValue: contextFor(cause, span),
    };
    if (extensions.positions === true) positioned.add(args);
    return args;
  }

  const typeOf = ({ document, operationName }: ExecutionArgs): string => getOperationAST(document, operationName)?.operation ?? 'none';

  const fieldsOf = ({ document, operationName }: ExecutionArgs): string | undefined => {
    const operation = tracer && getOperationAST(document, operationName);
    return operation ? rootFields(operation) : undefined;
  };

  const server = useServer(
    {
      schema,
      execute: (args) => inFlight.run(async () => execute(args)),
      subscribe: (args) => subscribePerEvent(args, contextFor, subscriptions, { tracer, origins, progress: positioned.has(args) }),
      async onConnect({ connectionParams, extra }) {
        const token = connectionParams?.token;
        if (token === undefined) return true;
        const actor = typeof token === 'string' ? await tokens.verify(token).catch(() => null) : null;
        if (actor) connections.set(extra.socket, actor);
        return actor !== null;
      },
      async onSubscribe({ extra }, _id, payload) {
        const args = await argsOf(extra.socket, payload).catch((error: unknown) => [wrapped(error)]);
        return args as ExecutionArgs | GraphQLError[];
      },
      onOperation(_context, _id, payload, args, result) {
        const start = begun.get(payload);
        if (start && Symbol.asyncIterator in result)
          observer.done({ type: 'subscription', name: payload.operationName, errors: undefined, fields: fieldsOf(args), ...start });
      },
      onNext(_context, _id, payload, args, result) {
        const start = begun.get(payload);
        const errors = result.errors?.map(observer.present);
        observer.reveal(errors, start?.cause);
        const type = typeOf(args);
        if (start && (type !== 'subscription' || result.data === undefined))
          observer.done({ type, name: payload.operationName, errors, fields: fieldsOf(args), ...start });
        return { ...result, ...(errors ? { errors } : {}) } as typeof result;
      },
      onError(_context, _id, payload, errors) {
        const shown = errors.map(observer.present);
        const start = begun.get(payload);
        observer.reveal(shown, start?.cause);
        start?.span?.set({ 'madang.refusal': wordFor(shown[0]?.extensions) });
        start?.span?.end();
        return shown;
      },
    },
    sockets,
  );

  return {
    upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
      sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request));
    },
    /** Waits a second at most for subscriptions that are ending to say so; then closes with 1001. */
    async close(): Promise<void> {
      await subscriptions.idle(1_000);
      await nextTurn();
      const late = setTimeout(() => {
        for (const client of sockets.clients) client.terminate();
      }, 1_000);
      await server.dispose();
      clearTimeout(late);
    },
  };
}

const coded = (error: GraphQLError, code: string): GraphQLError => {
  const { nodes, source, positions, path } = error;
  return new GraphQLError(error.message, { nodes, source, positions, path, extensions: { code } });
};
