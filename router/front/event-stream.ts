import { randomUUID } from 'node:crypto';
import type { RequestContext } from '../context.ts';
import type { Ending } from '../engine/subscriptions/source.ts';
import { eachOf, Subscription } from '../engine/subscriptions/subscription.ts';
import { rightsOf } from '../engine/subscriptions/subscriptions.ts';
import { interrupted, unauthenticated } from '../errors.ts';
import { badRequest } from './bad-request.ts';
import { beginning, textOf } from './begin.ts';
import type { Exchange } from './exchange.ts';
import { Expiry } from './expiry.ts';
import type { Front } from './front.ts';
import { cors } from './graphql.ts';
import { LongAnswer } from './long-answer.ts';
import type { Parameters } from './parameters.ts';

const HEADERS = { ...cors, 'content-type': 'text/event-stream; charset=utf-8', connection: 'keep-alive' };
const HEARTBEAT = ':\n\n';

/** An operation, and what it tells, if it is a subscription that has begun. */
interface Running {
  readonly context: RequestContext;
  subscription?: Subscription;
}

/**
 * One stream of Server-Sent Events, as graphql-sse's protocol has them. In a stream of its own (distinct connections mode) an operation has no id; in a shared one (single
 * connection mode) each has.
 */
export class EventStream {
  readonly rights: string;
  readonly #front: Front;
  readonly #operations = new Map<string, Running>();
  readonly #closed: () => void;
  readonly #expiry = new Expiry(() => this.#fail(() => unauthenticated('The token has expired: sign in again.')));
  readonly #connected = Promise.withResolvers<LongAnswer>();
  #open = false;
  #over = false;

  constructor(front: Front, { principal }: Exchange, closed: () => void) {
    this.#front = front;
    this.rights = rightsOf(principal.actor);
    this.#closed = closed;
    this.renew(principal.expiresAt);
    front.streams.add(this.goAway);
  }

  readonly goAway = (): void => this.#fail(interrupted);

  /** Whether somebody listens. */
  get open(): boolean {
    return this.#open;
  }

  get size(): number {
    return this.#operations.size;
  }

  has(id: string): boolean {
    return this.#operations.has(id);
  }

  /** A later token of the same account. */
  renew(expiresAt: number | undefined): void {
    this.#expiry.at(expiresAt);
  }

  /** Begins to answer with what there is to tell. */
  connect({ response, context }: Exchange): void {
    this.#open = true;
    this.#connected.resolve(
      new LongAnswer(response, {
        headers: { ...HEADERS, 'x-correlation-id': context.correlationId },
        opening: HEARTBEAT,
        heartbeat: HEARTBEAT,
        heartbeatMs: this.#front.limits.streamHeartbeatMs,
        closed: () => this.close(),
      }),
    );
  }

  /** Carries an operation out; its results are told once somebody listens. Without an id the stream ends with it. */
  async run(id: string | undefined, parameters: Parameters, context: RequestContext, address: string): Promise<void> {
    const { prepare, begin, shown } = beginning(this.#front);
    const key = id ?? '';
    const running: Running = { context };
    this.#operations.set(key, running);
    const next = async (text: string) => (await this.#connected.promise).write(eventOf('next', id, text));
    try {
      const operation = prepare(parameters);
      if ('problems' in operation) await next(`{"errors":${JSON.stringify(shown(operation.problems, context))}}`);
      else {
        const begun = begin(operation, parameters.variables, context, address);
        if (begun instanceof Subscription) await this.#tell(key, running, begun, next);
        else await next(textOf(await begun));
      }
    } catch (error) {
      if (this.#over || !this.has(key)) return;
      await next(`{"errors":${JSON.stringify(shown([error], context))}}`);
    }
    if (!this.#remove(key)) return;
    const answer = await this.#connected.promise;
    if (id === undefined) answer.end(eventOf('complete', id, ''));
    else await answer.write(eventOf('complete', id, ''));
  }

  /** The client does not want an operation any more. */
  stop(id: string): void {
    this.#remove(id)?.subscription?.leave();
  }

  close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#expiry.clear();
    this.#front.streams.delete(this.goAway);
    for (const id of [...this.#operations.keys()]) this.stop(id);
    this.#closed();
  }

  async #tell(key: string, running: Running, subscription: Subscription, next: (text: string) => Promise<void>): Promise<void> {
    if (this.#over || !this.has(key)) return subscription.leave();
    running.subscription = subscription;
    await this.#connected.promise;
    await eachOf(subscription, (result) => next(textOf(result)));
  }

  #remove(id: string): Running | undefined {
    const running = this.#operations.get(id);
    this.#operations.delete(id);
    // Without an id it is over with its request.
    if (running && id !== '') running.context.watch?.end(running.context.actor, running.context.correlationId);
    return running;
  }

  /** Ends every operation with an error, then the stream. */
  #fail(why: Ending): void {
    for (const { subscription } of this.#operations.values()) subscription?.fail(why, true);
    if (this.#open) void this.#connected.promise.then((answer) => setImmediate(() => answer.end('')));
    else this.close();
  }
}

const eventOf = (event: 'next' | 'complete', id: string | undefined, text: string): string => {
  const data = id === undefined ? text : `{"id":${JSON.stringify(id)}${text && `,"payload":${text}`}}`;
  return `event: ${event}\ndata: ${data}\n\n`;
};

/** Streams that are shared by operations, by their tokens. */
export class SharedStreams {
  readonly #front: Front;
  readonly #streams = new Map<string, EventStream>();

  constructor(front: Front) {
    this.#front = front;
  }

  /** Makes a stream that waits for its listener for a while; what is returned is its token. */
  reserve(exchange: Exchange): string {
    const { limits } = this.#front;
    if (this.#streams.size >= limits.sharedStreams) throw badRequest('Too many event streams.', { status: 503 }, 'TRY_AGAIN_LATER');
    const token = randomUUID();
    const stream = new EventStream(this.#front, exchange, () => {
      clearTimeout(abandoned);
      this.#streams.delete(token);
    });
    const abandoned = setTimeout(() => stream.open || stream.close(), limits.initTimeoutMs);
    this.#streams.set(token, stream);
    return token;
  }

  /** @throws GraphQLError with status 404 for a token that is not known, or somebody else's */
  find(token: string, { principal }: Exchange): EventStream {
    const stream = this.#streams.get(token);
    if (!stream || stream.rights !== rightsOf(principal.actor))
      throw badRequest('There is no such event stream.', { status: 404 }, 'NOT_FOUND');
    stream.renew(principal.expiresAt);
    return stream;
  }
}
