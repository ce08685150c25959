import type { Bench, Line, Measure } from '../bench.ts';
import { coresText, load, refusedText } from '../load/load.ts';
import { figure, percentiles, summary } from '../report/statistics.ts';
import { Client } from '../system/client.ts';
import { ACHIEVE, auditExchanges, giftsFor, newMissions } from '../system/missions.ts';
import type { Person } from '../system/people.ts';
import { Subscription } from '../system/subscription.ts';
import type { System } from '../system/system.ts';

const CONNECTIONS = 100;
const PLAYERS = 10;
const EVENT_WITHIN_MS = 10_000;

interface MissionChange {
  readonly status: string;
  readonly record: {
    readonly id: string;
    readonly reward: { readonly points: number } | null;
    readonly message: { readonly id: string } | null;
  };
}

const CHANGES = 'subscription { missionStatusChanged { status occurredAt cursor record { id status reward { points } message { id } } } }';

interface Player {
  readonly person: Person;
  readonly changes: Subscription<MissionChange>;
}

async function play(
  client: Client,
  { person, changes }: Player,
  missionId: string,
  withinMs = EVENT_WITHIN_MS,
): Promise<{ rewarded: number; messaged: number }> {
  const sentAt = performance.now();
  const { achieveMission } = await client.data<{ achieveMission: { id: string } }>(ACHIEVE, { input: { missionId } }, person.token);
  const is = (status: string) => (change: MissionChange) => change.status === status && change.record.id === achieveMission.id;
  const rewarded = await changes.first(is('REWARDED'), withinMs);
  const messaged = await changes.first(is('MESSAGED'), withinMs);
  if (!messaged.event.record.reward || !messaged.event.record.message)
    throw new Error(`without its reward: ${JSON.stringify(messaged.event)}`);
  return { rewarded: rewarded.at - sentAt, messaged: messaged.at - sentAt };
}

/** Until a whole chain has been seen, nobody knows that the subscription has begun. */
async function begun(client: Client, player: Player, missions: readonly string[]): Promise<void> {
  let failure: unknown;
  for (const missionId of missions) {
    const seen = await play(client, player, missionId, 2_000).catch((error: unknown) => {
      failure = error;
    });
    if (seen) return;
  }
  throw failure;
}

function line(what: string, waits: readonly number[]): Line {
  const all = summary(waits);
  return {
    what: `${what}, one at a time, ${PLAYERS} subscribers`,
    result: `p50 ${figure(all.p50)} ms`,
    spread: `${percentiles(all)}, max ${figure(all.max)} ms of ${waits.length}`,
    numbers: { p50Ms: all.p50, p99Ms: all.p99, maxMs: all.max, count: waits.length },
  };
}

async function players(bench: Bench, system: System): Promise<Player[]> {
  const people = (await bench.people()).slice(0, PLAYERS);
  return people.map((person) => {
    const changes = new Subscription<MissionChange>(system.url, person.token, CHANGES);
    bench.atEnd(() => changes.close());
    return { person, changes };
  });
}

/** From `achieveMission` through rewards, wallets' neighbours and notifications back to the mission, as its player sees it pushed. */
export const mission: Measure = {
  name: 'mission',
  async run(bench) {
    const system = await bench.system();
    const all = await players(bench, system);
    const each = bench.quick ? 3 : 30;
    const missions = await newMissions(system, each);
    const early = await newMissions(system, 5);
    const client = new Client(system.url, 2);
    bench.atEnd(() => client.close());
    bench.say(`mission: ${each * PLAYERS} missions, one at a time`);
    const waits: { rewarded: number; messaged: number }[] = [];
    for (const player of all) await begun(client, player, early);
    for (const missionId of missions) {
      for (const player of all) {
        bench.signal.throwIfAborted();
        waits.push(await play(client, player, missionId));
      }
    }
    await Promise.all(all.map(({ changes }) => changes.close()));
    return [
      line(
        'achieveMission sent → missionStatusChanged REWARDED',
        waits.map(({ rewarded }) => rewarded),
      ),
      line(
        'achieveMission sent → missionStatusChanged MESSAGED (through missions, rewards, missions, notifications, missions)',
        waits.map(({ messaged }) => messaged),
      ),
    ];
  },
};

/** Exchanging points for a gift: held, issued by another context, captured, activated. */
export const exchange: Measure = {
  name: 'exchange',
  async run(bench) {
    const system = await bench.system();
    const people = await bench.people();
    const giftItem = await giftsFor(system, people);
    const [warmUpMs, measureMs] = bench.quick ? [1_500, 5_000] : [5_000, 20_000];
    bench.say(`exchange: ${CONNECTIONS} concurrent, ${measureMs / 1_000} s`);
    const result = await load(bench, system, { scenario: 'exchange', connections: CONNECTIONS, warmUpMs, measureMs, people, giftItem });
    const rate = result.done / result.seconds;
    const { min, max } = summary(result.perSecond);
    return [
      {
        what: `exchangeGift to CAPTURED, ${CONNECTIONS} concurrent over ${people.length} wallets${refusedText(result)}`,
        result: `${figure(rate)}/s`,
        spread: `${percentiles(result.latency)}; ${min}–${max} in a second`,
        numbers: { perSecond: rate, p50Ms: result.latency.p50, p99Ms: result.latency.p99, minPerSecond: min, maxPerSecond: max },
        notes: [await auditExchanges(system, giftItem, result.kept, bench.signal), coresText(result)],
      },
    ];
  },
};
