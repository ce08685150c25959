import { GraphQLError } from 'graphql';
import type { RequestContext } from '../../context.ts';
import { schemaChanged, slowConsumer } from '../../errors.ts';
import type { Metrics } from '../../metrics.ts';
import type { Limits } from '../../settings/limits.ts';
import type { Show } from '../../show.ts';
import type { Asker } from '../authorisation/rights.ts';
import type { Engine, Variables } from '../engine.ts';
import { isSubscribed, type Resumable, resumable, type Subscribed } from './resumable.ts';
import { SharedSubscription } from './shared.ts';
import { Subscription, type SubscriptionTerms } from './subscription.ts';
import type { Upstreams } from './upstreams.ts';

export interface SubscriptionsOptions {
  readonly engine: Engine;
  readonly upstreams: Upstreams;
  readonly limits: Limits;
  readonly metrics: Metrics;
  readonly show: Show;
}

/** A client's wish. */
export interface Wanted {
  readonly operation: Subscribed;
  readonly variables: Variables;
  readonly context: RequestContext;
  /** Where the client is. */
  readonly address: string;
  /** Whether it wants to be told cursors between events, first of all where it begins: `{ data: null, extensions: { position } }`. */
  readonly tellsPosition?: boolean;
}

/** All subscriptions of all clients. */
export interface Subscriptions {
  /** @throws GraphQLError TOO_MANY_SUBSCRIPTIONS, or UNAUTHENTICATED or FORBIDDEN before anything is asked of a subgraph */
  open(wanted: Wanted): Subscription;
  /** The engine has another schema: what is still valid goes on, what is not ends with SCHEMA_CHANGED. */
  replan(): void;
}

/** Equal for those whom neither subgraphs (they are told the account and its roles) nor the router can tell apart. */
export const rightsOf = (actor: Asker): string =>
  actor.kind === 'user' ? JSON.stringify([actor.accountId, actor.roles.toSorted(), actor.scopes?.toSorted() ?? []]) : JSON.stringify(actor);

const tooMany = (whose: string): GraphQLError =>
  new GraphQLError(`Too many subscriptions ${whose}.`, { extensions: { code: 'TOO_MANY_SUBSCRIPTIONS', retryAfterSeconds: 10 } });

/** Opens subscriptions: what is the same for several clients is done once. */
export function subscriptions({ engine, upstreams, limits, metrics, show }: SubscriptionsOptions): Subscriptions {
  const ways = new WeakMap<Subscribed, { readonly id: number; readonly resumable: Resumable | null }>();
  const groups = new Map<string, Set<SharedSubscription>>();
  const clients = new Map<string, number>();
  const terms = new Map<string, SubscriptionTerms>();
  let open = 0;
  let lastId = 0;

  const wayOf = (operation: Subscribed) => {
    const known = ways.get(operation);
    if (known) return known;
    const made = { id: ++lastId, resumable: resumable(engine, operation) };
    ways.set(operation, made);
    return made;
  };

  function keyOf({ operation, variables, context }: Wanted): string {
    const { id, resumable: way } = wayOf(operation);
    const names = operation.variables.map(({ variable }) => variable.name.value).filter((name) => name !== way?.afterVariable);
    return JSON.stringify([
      id,
      context.tellCost ?? false,
      rightsOf(context.actor),
      names.map((name) => variables[name] ?? null),
      names.filter((name) => name in variables),
      context.client?.passed ?? [],
    ]);
  }

  /** Counts the client in: the account, or the address of who is not signed in. */
  function admit({ context: { actor }, address }: Wanted): string {
    const [client, most] =
      actor.kind === 'user'
        ? [`account ${actor.accountId}`, limits.subscriptionsPerAccount]
        : [`address ${address}`, limits.subscriptionsPerAddress];
    const own = clients.get(client) ?? 0;
    if (open >= limits.subscriptions) throw tooMany('of all clients');
    if (own >= most) throw tooMany('of one client');
    open++;
    clients.set(client, own + 1);
    return client;
  }

  function release(client: string): void {
    open--;
    const left = (clients.get(client) ?? 1) - 1;
    if (left === 0) clients.delete(client);
    else clients.set(client, left);
  }

  function termsOf(subgraph: string): SubscriptionTerms {
    const known = terms.get(subgraph);
    if (known) return known;
    const handed = metrics.events.labels({ subgraph });
    const made: SubscriptionTerms = {
      subgraph,
      queuedResults: limits.queuedResults,
      tooSlow: slowConsumer,
      handed: () => handed.inc(),
      over(one, code) {
        release(one.client);
        metrics.subscriptions.dec({ subgraph });
        if (code) metrics.ended.inc({ subgraph, code });
        one.source?.leave(one);
        one.source = undefined;
      },
    };
    terms.set(subgraph, made);
    return made;
  }

  function planned({ text, name }: Subscribed, context: RequestContext): Subscribed | null {
    try {
      const made = engine.prepare(text, name, true);
      const left = 'plan' in made ? engine.authorised(made, context) : null;
      return left && isSubscribed(left) ? left : null;
    } catch {
      return null;
    }
  }

  return {
    replan() {
      for (const shared of [...groups.values()].flatMap((each) => [...each])) {
        const operation = planned(shared.operation, shared.context);
        shared.replan(operation, operation && wayOf(operation).resumable);
      }
    },

    open(asked) {
      const { variables, context } = asked;
      // The schema may have changed between the reading of the document and now.
      const outdated = engine.isOutdated(asked.operation);
      const operation = outdated ? planned(asked.operation, context) : engine.authorised(asked.operation, context);
      if (!operation) throw schemaChanged(undefined);
      if (!isSubscribed(operation)) throw new Error(`a ${operation.type} is no subscription`);
      const wanted = { ...asked, operation };
      const { subgraph } = operation.source;
      const way = wayOf(operation).resumable;
      const key = keyOf(wanted);
      const after = way?.begin(variables);
      const client = admit(wanted);
      metrics.subscriptions.inc({ subgraph });
      const subscription = new Subscription(client, termsOf(subgraph), context.watch, wanted.tellsPosition === true);
      for (const group of groups.get(key) ?? []) {
        if (!group.join(subscription, after)) continue;
        subscription.source = group;
        return subscription;
      }
      const made: SharedSubscription = new SharedSubscription({
        engine,
        operation,
        resumable: way,
        variables,
        context,
        upstreams,
        limits,
        metrics,
        show,
        over() {
          const others = groups.get(key);
          others?.delete(made);
          if (others?.size === 0) groups.delete(key);
        },
      });
      groups.set(key, (groups.get(key) ?? new Set()).add(made));
      subscription.source = made;
      made.join(subscription, after);
      return subscription;
    },
  };
}
