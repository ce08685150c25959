import type { z } from 'zod';
import type { Cause } from '../context/definition.ts';
import { type Actor, type Received, Refused } from '../domain/index.ts';
import type { Span } from '../observability/index.ts';
import type { Origins } from './origins.ts';
import type { SubscriptionSource } from './subscription-source.ts';

/** A declared event, as far as a subscription needs it; every `EventDefinition` is one. */
export interface Subscribable {
  readonly eventName: string;
  readonly payload: z.ZodType;
}

/** The events of these declarations, told apart by `name`. */
export type ReceivedOf<D> = D extends Subscribable ? Received<z.infer<D['payload']>> & { readonly name: D['eventName'] } : never;

export interface SubscribeOptions<Field extends string, D extends Subscribable, Payload> {
  /** The subscription field; what is yielded is `{ [field]: payload }`. */
  readonly field: Field;
  /** The events that the subscriber may get, of this context. */
  readonly to: readonly D[];
  /** A cursor: first what came after it, then what comes. */
  readonly after?: string | null | undefined;
  /** Whether the actor may see this event and asked for it. Asked for every event. */
  readonly when: (event: ReceivedOf<D>, actor: Actor) => boolean;
  readonly as: (event: ReceivedOf<D>, cursor: string) => Payload;
  /** Throws `Refused` before the first event: an id that is not there, or not the actor's. */
  readonly allow?: () => Promise<unknown> | unknown;
}

// biome-ignore lint/suspicious/noExplicitAny: each context knows its loaders; resolvers are typed by the SDL, which does not
export type AnyLoaders = any;

/** What every resolver gets as its third argument. A plain object: Apollo Server copies it. */
export interface RequestContext<Loaders = AnyLoaders> {
  /** Who asks, and the trail that what follows is to carry on. */
  readonly cause: Cause;
  /** What `Parts.loaders` made for this request (for a subscription: for this event). */
  readonly loaders: Loaders;
  /** Of the operation; ended by whoever observes operations. */
  readonly span?: Span | undefined;
  /**
   * Subscribes to events of this context. Resolves once events are really watched: whatever is published from then on is delivered.
   * @throws Refused UNAUTHENTICATED to the anonymous, what `allow` throws, BAD_INPUT for a broken cursor, TRY_AGAIN_LATER while the broker is away
   */
  subscribe<const Field extends string, D extends Subscribable, Payload>(
    options: SubscribeOptions<Field, D, Payload>,
  ): Promise<AsyncIterableIterator<Record<Field, Payload>>>;
}

export interface RequestContextOptions {
  readonly cause: Cause;
  readonly loaders: ((cause: Cause) => object) | undefined;
  readonly source: SubscriptionSource | null;
  readonly now: () => Date;
  readonly span?: Span | undefined;
  /** Takes down which event each payload is of. */
  readonly origins?: Origins | undefined;
}

/** The context of one request, or of one event of a subscription. */
export function requestContext({ cause, loaders, source, now, span, origins }: RequestContextOptions): RequestContext {
  return {
    cause,
    span,
    loaders: loaders?.(cause) ?? {},
    async subscribe({ field, to, after, when, as, allow }) {
      const { actor } = cause;
      if (actor.kind === 'anonymous') throw new Refused('UNAUTHENTICATED', 'Sign in first.');
      if (source === null) throw new TypeError('this context has no subscription source');
      await allow?.();
      type Event = Parameters<typeof when>[0];
      return source.open({
        types: new Set(to.map(({ eventName }) => eventName)),
        after: after ?? undefined,
        since: now(),
        when: (event) => when(event as Event, actor),
        as(event, cursor) {
          const payload = { [field]: as(event as Event, cursor) } as Record<typeof field, ReturnType<typeof as>>;
          origins?.note(payload, event);
          return payload;
        },
      });
    },
  };
}
