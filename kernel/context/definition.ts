import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Actor, Aggregate, Decide, DomainEvent, EventDefinition, Policy, Received } from '../domain/index.ts';
import type { Commit, Database, Intent, Trail, Write } from '../prisma/index.ts';
import type { Edge } from '../resilience/index.ts';

/** Environment variables, as `process.env` has them. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Why something is done: who asks, and what it follows from. */
export interface Cause extends Trail {
  readonly actor: Actor;
  /** Where the client is whose request this is, as the router tells it; of IPv6 the network. */
  readonly address?: string | undefined;
  /** Set while an event is handled: the first commit of that cause records the event as handled. */
  readonly inbox?: { readonly eventId: string; readonly handler: string } | undefined;
}

/** An aggregate as it was loaded; `version` guards the save. */
export interface Loaded<State> {
  readonly state: State;
  readonly version: number;
}

/** How an aggregate is read and written; an adapter of the context. */
export interface Store<State> {
  load(key: string): Promise<Loaded<State> | null>;
  /** `version` is the loaded one, 0 for a new aggregate. */
  save(state: State, version: number): Write | readonly Write[];
}

/** What else the decision changes in the same commit. */
export interface Alongside {
  readonly writes?: readonly Write[];
  readonly open?: readonly Intent[];
  readonly close?: readonly Pick<Intent, 'kind' | 'key'>[];
}

/** A commit without an aggregate. */
export interface Change extends Alongside {
  readonly events?: readonly DomainEvent[];
}

/** One of several commits in one statement. */
export interface CausedChange extends Change {
  readonly cause: Cause;
}

export interface Execution<State, Input, Event extends DomainEvent> {
  readonly aggregate: Aggregate<State, Event>;
  readonly store: Store<State>;
  /** What the store loads it by. For a new aggregate: its new id. */
  readonly key: string;
  readonly input: Input;
  readonly decide: Decide<State, Input, Event>;
  readonly cause: Cause;
  /** What is in hand already, null for what is known to be new: it is not loaded, unless somebody else was faster. */
  readonly known?: Loaded<State> | null | undefined;
  readonly alongside?: (state: State, events: readonly Event[]) => Alongside;
  /** For a public command that creates: same key and input → what was created then. */
  readonly idempotency?: { readonly scope: string; readonly key: string | null | undefined; readonly input: unknown } | undefined;
}

export interface Outcome<State, Event> {
  readonly state: State;
  /** The state's version as it is now: with it, the outcome can be `known` to what follows. */
  readonly version: number;
  readonly events: readonly Event[];
  /** True when an idempotency key found what an earlier request had created: nothing was done now. */
  readonly replayed: boolean;
}

export interface Clock {
  now(): Date;
}

/** What one running context stands on. */
export interface Kernel {
  /** The context's name: `payment-methods`. */
  readonly name: string;
  readonly env: Env;
  readonly db: Database;
  readonly log: Logger;
  readonly metrics: Registry;
  readonly clock: Clock;
  /** A new UUIDv7. */
  newId(): string;
  /**
   * load → decide → save with the outbox, inbox, intent and idempotency rows in one statement; a conflict loads and decides again.
   * @throws Refused by the decision; IDEMPOTENCY_CONFLICT
   */
  execute<State, Input, Event extends DomainEvent>(execution: Execution<State, Input, Event>): Promise<Outcome<State, Event>>;
  /** A commit without an aggregate: what a projection writes. Records the cause's inbox row. */
  commit(cause: Cause, change: Change): Promise<void>;
  /** Several of them, each with its cause and its inbox row, in one statement: all or none. Events are published in this order. */
  commitAll(changes: readonly CausedChange[]): Promise<void>;
  /** Runs a stored intent's handler now, in the request that stored it. What it throws is thrown; the sweep goes on with it. */
  runIntent(kind: string, key: string, payload: unknown, cause: Cause): Promise<void>;
  /** The way to another context: one per callee and process. */
  edge(callee: string): Edge;
}

/** Reacts to an event. The effect is one `kernel.execute`/`kernel.commit` with the given cause. */
export interface Reaction {
  /** Unique in the context; with the event's id it makes the effect happen once. */
  readonly name: string;
  readonly when: EventDefinition;
  handle(event: Received<never>, cause: Cause): Promise<unknown>;
}

/** Binds a pure policy to the handler that carries it out. */
export const react = <Input, Data>(policy: Policy<Input, Data>, run: (input: Input, cause: Cause) => Promise<unknown>): Reaction => ({
  name: policy.name,
  when: policy.when,
  async handle(event, cause) {
    const input = policy.then(event);
    if (input !== null) await run(input, cause);
  },
});

/** An intent as its handler gets it. */
export interface OpenIntent {
  readonly kind: string;
  readonly key: string;
  readonly payload: unknown;
  /** How often the sweep has tried before; 0 in the request that stored it. */
  readonly attempts: number;
}

/**
 * Brings an intent's effect about and, in the same commit as the outcome, closes it (`alongside: { close: [...] }`). Idempotent.
 * Throwing leaves it open: `RetryLater` chooses when, anything else backs off (0.5 s doubling to 5 s, with jitter).
 */
export type IntentHandler = (intent: OpenIntent, cause: Cause) => Promise<void>;

export class RetryLater extends Error {
  override name = 'RetryLater';
  readonly inMs: number;
  constructor(inMs: number, why: string, cause?: unknown) {
    super(why, { cause });
    this.inMs = inMs;
  }
}

/** What a context consists of, once built. */
export interface Parts {
  /** For buildSubgraphSchema. */
  readonly resolvers: object;
  readonly reactions?: readonly Reaction[];
  /** Events handled side by side, of different keys. @default 16 */
  readonly concurrency?: number | undefined;
  readonly intents?: Readonly<Record<string, IntentHandler>>;
  /** Fresh DataLoaders for a request. */
  readonly loaders?: (cause: Cause) => object;
  /** Demo data, through commands, idempotent. Runs once at start when SEED=demo. */
  readonly seed?: () => Promise<void>;
  /** More GET paths beside /graphql and the health checks: `{ '/.well-known/jwks.json': async () => object }`, answered as JSON. */
  readonly routes?: Readonly<Record<string, () => Promise<object>>>;
  readonly close?: () => Promise<void>;
}

/** A bounded context, declared: `defineContext({ name, events, sdl, build })` in its `subgraph.ts`. */
export interface ContextDefinition {
  readonly name: string;
  /** `import * as events from './events.ts'` */
  readonly events: Readonly<Record<string, unknown>>;
  /** Where the SDL file is. */
  readonly sdl: URL;
  /** Names of the contexts that it calls synchronously. */
  readonly calls?: readonly string[];
  build(kernel: Kernel): Parts | Promise<Parts>;
}

export const defineContext = (definition: ContextDefinition): ContextDefinition => definition;

export type { Commit };
