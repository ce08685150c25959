import type { RequestContext } from '../context.ts';
import { CLIENT_ADDRESS } from '../door/passed-headers.ts';
import { type Said, said } from './answers.ts';
import type { ResponseCache } from './cache/response-cache.ts';
import { type Deadline, explained, notAsked, outOfTime } from './deadline.ts';
import { headerLines } from './http/header-lines.ts';
import type { Request } from './plan/compile.ts';
import { type Answer, type GiveUp, NoAnswer, type Transport } from './transport.ts';

/** What fetches need of the engine. */
export interface Ways {
  readonly transports: ReadonlyMap<string, Transport>;
  /** Null when nothing is kept. */
  readonly cache: ResponseCache | null;
  readonly deadline: Deadline;
}

const OF_EVERY_REQUEST = headerLines(['content-type', 'application/json', 'accept', 'application/json']);
const NONE: readonly string[] = [];

const carriedFor = ({ client }: RequestContext): readonly string[] =>
  client === undefined ? NONE : [CLIENT_ADDRESS, client.address, ...client.passed];

/**
 * The headers of every request to a subgraph that is sent for an operation, as lines; each request adds its traceparent.
 * @throws TypeError when one of them could not be sent as it is
 */
export const headersFor = async (context: RequestContext): Promise<string> =>
  OF_EVERY_REQUEST +
  headerLines(['authorization', `Bearer ${await context.token()}`, 'x-correlation-id', context.correlationId, ...carriedFor(context)]);

/** A request whose answer is awaited. */
interface Pending {
  readonly mutation: boolean;
  readonly done: (answer: Answer | NoAnswer) => void;
  readonly giveUp: GiveUp;
}

/**
 * The requests of one operation, within its time.
 * What only reads is given up when the client goes away, or when time is over; a mutation on its way is not: its outcome is unknown then.
 */
export class Fetches {
  readonly #ways: Ways;
  readonly #headers: string;
  readonly #context: RequestContext;
  readonly #failed: (error: unknown) => void;
  readonly #pending = new Set<Pending>();
  readonly #timer: NodeJS.Timeout | undefined;
  #late = false;

  /** @param failed told what is thrown while an answer is taken: a fault */
  constructor(ways: Ways, headers: string, context: RequestContext, failed: (error: unknown) => void) {
    this.#ways = ways;
    this.#headers = headers;
    this.#context = context;
    this.#failed = failed;
    context.signal?.addEventListener('abort', this.#giveUp);
    const { ms } = ways.deadline;
    if (ms > 0) this.#timer = setTimeout(this.#expire, ms);
  }

  /**
   * @param representations of the entities that are asked for, if any, each as JSON
   * @param values the variables as JSON, but for the braces
   * @param answered called once
   */
  send(request: Request, representations: readonly string[] | null, values: string, answered: (said: Said) => void): void {
    const { transports, cache, deadline } = this.#ways;
    const transport = transports.get(request.subgraph);
    if (!transport) throw new Error(`the supergraph has ${request.subgraph}, but it has no address`);
    const { watch, traceparent, signal, actor } = this.#context;
    const span = watch?.fetch(request.subgraph, traceparent);
    const headers = `${this.#headers}traceparent: ${span?.traceparent ?? traceparent}\r\n`;
    const entities = representations === null ? '' : `${values === '' ? '' : ','}"representations":[${representations.join()}]`;
    const body = `${request.head}${values}${entities}}}`;
    const mutation = request.kind === 'mutation';
    let over = false;
    let pending: Pending | undefined;
    const done = (answer: Answer | NoAnswer): void => {
      if (over) return;
      over = true;
      if (answer instanceof NoAnswer) span?.fail(answer.reason);
      span?.end();
      if (pending) this.#pending.delete(pending);
      if (mutation) cache?.mutated(request.subgraph, request.answers, actor);
      try {
        const { data, errors } = said(answer, { query: request.query, body, mutation });
        answered({ data, errors: explained(errors, answer, deadline) });
      } catch (error) {
        this.#failed(error);
      }
    };
    if (this.#late) {
      done(notAsked());
      return;
    }
    const giveUp = transport.send(body, headers, !mutation, done);
    if (over) return;
    pending = { mutation, done, giveUp };
    this.#pending.add(pending);
    if (signal?.aborted && !mutation) giveUp();
  }

  /** Nothing is awaited any more. */
  end(): void {
    clearTimeout(this.#timer);
    this.#context.signal?.removeEventListener('abort', this.#giveUp);
  }

  readonly #giveUp = (): void => {
    for (const { mutation, giveUp } of [...this.#pending]) if (!mutation) giveUp();
  };

  readonly #expire = (): void => {
    this.#late = true;
    this.#ways.deadline.passed();
    for (const { mutation, done, giveUp } of [...this.#pending]) {
      done(outOfTime());
      if (!mutation) giveUp();
    }
  };
}
