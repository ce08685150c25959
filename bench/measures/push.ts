import type { Bench, Line, Measure } from '../bench.ts';
import { figure, percentiles, type Summary, summary } from '../report/statistics.ts';
import { Client } from '../system/client.ts';
import { booksOf, type Person, staff } from '../system/people.ts';
import { Subscription } from '../system/subscription.ts';
import type { System } from '../system/system.ts';
import { APPLY, type Applied, type Book, flawOf, isPaid, newOrder } from '../system/textbooks.ts';

const AIM = { p50: 30, p99: 150 } as const;
const EVENT_WITHIN_MS = 10_000;
const SUBSCRIBERS = 10;

interface ApplicationChange {
  readonly status: string;
  readonly application: { readonly id: string; readonly payment: { readonly id: string; readonly status: string } | null } | null;
}
interface DeliveryChange {
  readonly status: string;
  readonly delivery: { readonly id: string; readonly application: { readonly id: string; readonly title: string } };
}

/** Both select a field of another subgraph, which the router fetches for each event. */
const APPLICATION_CHANGES = `subscription {
  applicationStatusChanged { status occurredAt cursor application { id status amount payment { id status } } }
}`;
const DELIVERY_CHANGES = `subscription {
  deliveryStatusChanged { status occurredAt cursor delivery { id status application { id title } } }
}`;
const COMPLETE = 'mutation Complete($input: CompleteDeliveryInput!) { completeDelivery(input: $input) { id status } }';

interface Watcher {
  readonly person: Person;
  readonly applications: Subscription<ApplicationChange>;
  readonly deliveries: Subscription<DeliveryChange>;
}

/** Milliseconds from the mutation's answer to the event; below zero when the event was first. */
interface Waits {
  readonly paid: number;
  readonly delivered: number;
}

interface Round {
  readonly client: Client;
  readonly books: readonly Book[];
  readonly managerToken: string;
}

/** One application from being applied for to being delivered. */
async function round({ client, books, managerToken }: Round, { person, applications, deliveries }: Watcher): Promise<Waits> {
  const ordered = newOrder(books);
  const { applyForTextbook: applied } = await client.data<{ applyForTextbook: Applied }>(APPLY, { input: ordered.order }, person.token);
  const answeredAt = performance.now();
  const flaw = flawOf(applied, ordered) ?? (isPaid(applied) ? undefined : applied.status);
  if (flaw) throw new Error(`an application while subscribed: ${flaw}`);
  const paid = await applications.first(({ status, application }) => status === 'PAID' && application?.id === applied.id, EVENT_WITHIN_MS);
  if (paid.event.application?.payment?.status !== 'APPROVED')
    throw new Error(`an event without its payment: ${JSON.stringify(paid.event)}`);

  const mine = ({ delivery }: DeliveryChange) => delivery.application.id === applied.id;
  const started = await deliveries.first((event) => event.status === 'DELIVERING' && mine(event), EVENT_WITHIN_MS);
  const input = { deliveryId: started.event.delivery.id };
  await client.data(COMPLETE, { input }, managerToken);
  const completedAt = performance.now();
  const delivered = await deliveries.first((event) => event.status === 'DELIVERED' && mine(event), EVENT_WITHIN_MS);
  if (delivered.event.delivery.application.title !== applied.title) throw new Error(`another event: ${JSON.stringify(delivered.event)}`);
  return { paid: paid.at - answeredAt, delivered: delivered.at - completedAt };
}

async function watch(bench: Bench, { url }: System, person: Person): Promise<Watcher> {
  const applications = new Subscription<ApplicationChange>(url, person.token, APPLICATION_CHANGES);
  const deliveries = new Subscription<DeliveryChange>(url, person.token, DELIVERY_CHANGES);
  bench.atEnd(() => Promise.all([applications.close(), deliveries.close()]));
  return { person, applications, deliveries };
}

/** Until a whole round's events have come, nobody knows that the subscriptions have begun. */
async function begun(to: Round, watcher: Watcher): Promise<void> {
  for (let tries = 1; ; tries++) {
    const ordered = newOrder(to.books);
    const { applyForTextbook: applied } = await to.client.data<{ applyForTextbook: Applied }>(
      APPLY,
      { input: ordered.order },
      watcher.person.token,
    );
    const seen = await Promise.all([
      watcher.applications.first(({ application }) => application?.id === applied.id, 1_000),
      watcher.deliveries.first(({ delivery }) => delivery.application.id === applied.id, 1_000),
    ]).catch((error: Error) => error);
    if (!(seen instanceof Error)) return;
    if (tries === 10) throw seen;
  }
}

function line(what: string, waits: readonly number[]): Line {
  const early = waits.filter((wait) => wait < 0).length;
  const all: Summary = summary(waits.map((wait) => Math.max(0, wait)));
  const note = `${what}: ${early} of ${waits.length} events were at the client before the answer was (counted as 0)`;
  return {
    what: `${what}, one at a time, ${SUBSCRIBERS} subscribers`,
    result: `p50 ${figure(all.p50)} ms`,
    spread: `${percentiles(all)}, max ${figure(all.max)} ms of ${waits.length}`,
    aim: `p50 ≤ ${AIM.p50} ms, p99 ≤ ${AIM.p99} ms`,
    met: all.p50 <= AIM.p50 && all.p99 <= AIM.p99,
    numbers: { p50Ms: all.p50, p99Ms: all.p99, maxMs: all.max, count: waits.length, early },
    ...(early > 0 ? { notes: [note] } : {}),
  };
}

/** From a mutation's answer to the event of what it did, at a client that is subscribed through the router. */
export const push: Measure = {
  name: 'push',
  async run(bench) {
    const system = await bench.system();
    const people = (await bench.people()).slice(0, SUBSCRIBERS);
    const rounds = bench.quick ? 30 : 300;
    const client = new Client(system.url, 2);
    bench.atEnd(() => client.close());
    const to: Round = { client, books: await booksOf(system), managerToken: (await staff(system, 'manager')).token };
    const watchers = await Promise.all(people.map((person) => watch(bench, system, person)));
    for (const watcher of watchers) await begun(to, watcher);
    bench.say(`push: ${rounds} applications, one at a time`);
    const waits: Waits[] = [];
    for (let at = 0; at < rounds; at++) {
      bench.signal.throwIfAborted();
      waits.push(await round(to, watchers[at % watchers.length] as Watcher));
    }
    await Promise.all(watchers.flatMap(({ applications, deliveries }) => [applications.close(), deliveries.close()]));
    return [
      line(
        'applyForTextbook answered → applicationStatusChanged PAID',
        waits.map(({ paid }) => paid),
      ),
      line(
        'completeDelivery answered → deliveryStatusChanged DELIVERED',
        waits.map(({ delivered }) => delivered),
      ),
    ];
  },
};
