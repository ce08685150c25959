import type { z } from 'zod';

const PASCAL = /^[A-Z][A-Za-z0-9]+$/;

/** A fact: what happened, with the data that tells it. Plain data; it can be compared and stored. */
export interface DomainEvent<Name extends string = string, Data = unknown> {
  readonly name: Name;
  readonly data: Data;
  /** It changes the state and stays inside: see `defineFact`. */
  readonly unpublished?: true;
}

/** Facts of a context's own, in the types of its aggregate. */
export interface Fact<Name extends string = string, Data = unknown> extends DomainEvent<Name, Data> {
  readonly unpublished: true;
}

/**
 * Declares what changes an aggregate's state and is nobody else's business: saved with the state, never published.
 * Not for `events.ts`. `const requested = defineFact<Fact<'PaymentRequested', { … }>>('PaymentRequested')`
 */
export function defineFact<F extends Fact>(name: F['name']): (data: F['data']) => F {
  if (!PASCAL.test(name)) throw new TypeError(`fact ${name}: the name is to be PascalCase`);
  return (data) => ({ name, data, unpublished: true }) as F;
}

export interface EventOptions<Name extends string, Schema extends z.ZodType> {
  /** The context that publishes it: `payment-methods`. */
  readonly context: string;
  /** The aggregate it happened to, kebab-case: `payment-method`. */
  readonly aggregate: string;
  /** Past tense, PascalCase. */
  readonly name: Name;
  /** Raised when the payload changes in a way that a consumer could notice; 1 at first. */
  readonly version: number;
  /** A zod object; JSON values only (instants as ISO strings). */
  readonly payload: Schema;
  /** The id that orders it: events of one key are seen in order. */
  readonly key: (data: z.infer<Schema>) => string;
  /** At least one payload as published; tests and documents use them. */
  readonly examples: readonly z.infer<Schema>[];
}

/** A declared event: call it with the data to state the fact. */
export interface EventDefinition<Name extends string = string, Schema extends z.ZodType = z.ZodType>
  extends Omit<EventOptions<Name, Schema>, 'name'> {
  (data: z.input<Schema>): DomainEvent<Name, z.infer<Schema>>;
  readonly eventName: Name;
  /** CloudEvents `type`: `madang.payments.PaymentApproved.v1`. */
  readonly type: string;
  /** `payments.payment.PaymentApproved`; the key is the next token. */
  readonly subject: string;
}

/** The fact that a definition states: `EventOf<typeof PaymentApproved>`. */
export type EventOf<D> = D extends EventDefinition<infer N, infer S> ? DomainEvent<N, z.infer<S>> : never;

/** An event with its envelope, as a consumer gets it. */
export interface Received<Data = unknown> {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly context: string;
  readonly aggregate: string;
  readonly key: string;
  /** When it happened. */
  readonly time: Date;
  readonly data: Data;
  readonly correlationId: string;
  readonly causationId: string | undefined;
  readonly traceparent: string | undefined;
  /** Its place in the source stream. */
  readonly sequence: number;
}

const KEBAB = /^[a-z][a-z0-9-]*$/;

/**
 * Declares an event once; type, subject and validation derive from it.
 * @throws TypeError when a name has the wrong form or an example does not fit the payload
 */
export function defineEvent<const Name extends string, Schema extends z.ZodType>(
  options: EventOptions<Name, Schema>,
): EventDefinition<Name, Schema> {
  const { name, context, aggregate, version, payload, examples } = options;
  if (!PASCAL.test(name)) throw new TypeError(`event ${name}: the name is to be PascalCase`);
  for (const part of [context, aggregate]) if (!KEBAB.test(part)) throw new TypeError(`event ${name}: "${part}" is to be kebab-case`);
  if (examples.length === 0) throw new TypeError(`event ${name}: give at least one example`);
  for (const example of examples) {
    const { error } = payload.safeParse(example);
    if (error) throw new TypeError(`event ${name}: an example does not fit its payload: ${error.message}`);
  }
  const state = (data: z.input<Schema>) => ({ name, data: payload.parse(data) });
  return Object.assign(state, {
    eventName: name,
    context,
    aggregate,
    version,
    payload,
    examples,
    key: options.key,
    type: `madang.${context}.${name}.v${version}`,
    subject: `${context}.${aggregate}.${name}`,
  }) as EventDefinition<Name, Schema>;
}
