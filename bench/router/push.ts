import { setTimeout as delay } from 'node:timers/promises';
import { cpuSeconds, memoryMb } from '../system/proc.ts';
import { LOAD, type Program, startProgram } from './child.ts';
import { type Contestant, type Ground, startGateway } from './contest.ts';
import type { Gateway } from './gateways.ts';
import type { Connecting, Heard } from './load/subscribers.ts';
import type { PushRow } from './results.ts';
import { productOf } from './world/data.ts';

const QUERY = 'subscription { published { number at product { upc name inStock } } }';
/** `name` is products', `inStock` inventory's: an event needs both. */
const TRUTH = Array.from({ length: 200 }, (_, n) => productOf(`p${n}`)).map(({ upc, name, inStock }) => ({ upc, name, inStock }));
const FIRST = 20;
/** The first ones are sent so many until the gateway's memory has not grown by more than that for so long: its young generation has been used once then. */
const WARMING = { perSecond: 200, grownMb: 0.2, stillMs: 2_000, mostMs: 15_000 };
/** Who has heard an event has subscribed; few of them, since what connects has work enough. */
const CONNECTING_PER_SECOND = 1;
const CONNECT_MS = 60_000;
const LATE_MS = 5_000;

export type PushCase = Pick<PushRow, 'clients' | 'perSecond' | 'accounts'>;

/** Subscribers at one gateway that is started for them, so that its memory is theirs. */
export async function push(ground: Ground, gateway: Gateway, asked: PushCase, seconds: number): Promise<PushRow> {
  const row = { gateway: gateway.name, ...asked };
  let contestant: Contestant | undefined;
  const subscribers = startProgram(new URL('./load/subscribers.ts', import.meta.url).pathname, LOAD);
  ground.atEnd(() => subscribers.stop());
  try {
    contestant = await startGateway(ground, gateway);
    return { ...row, result: await delivered(ground, contestant, subscribers, asked, seconds) };
  } catch (error) {
    ground.signal.throwIfAborted();
    return { ...row, failed: error instanceof Error ? error.message : String(error) };
  } finally {
    await ground.subgraphs.ask('quiet');
    await subscribers.stop();
    await contestant?.program.stop();
  }
}

async function delivered(ground: Ground, { url, program }: Contestant, subscribers: Program, asked: PushCase, seconds: number) {
  const { clients, perSecond, accounts } = asked;
  const { subgraphs } = ground;
  const tokens = accounts ? await ground.issuer.tokens(clients) : [];
  const connecting = (count: number): Connecting => ({ url, tokens, clients: count, query: QUERY });
  const heardBy = async (count: number): Promise<void> => {
    const end = Date.now() + CONNECT_MS;
    while ((await subscribers.ask<number>('have', 1)) < count) {
      ground.signal.throwIfAborted();
      if (program.ended()) throw new Error(`it has ended: ${program.output()}`);
      if (Date.now() > end) throw new Error(`only ${await subscribers.ask('have', 1)} of ${count} subscriptions have begun`);
      await delay(50);
    }
  };
  await subscribers.ask('expect', TRUTH);

  // What the first subscribers cost is code and caches, not subscribers.
  await subscribers.ask('open', connecting(Math.min(FIRST, clients)));
  await subgraphs.ask('publish', CONNECTING_PER_SECOND);
  await heardBy(Math.min(FIRST, clients));
  await subgraphs.ask('publish', WARMING.perSecond);
  await settled(program.pid);
  await subgraphs.ask('quiet');
  await delay(500);
  const before = memoryMb(program.pid);
  await subgraphs.ask('publish', CONNECTING_PER_SECOND);
  await Promise.race([subscribers.ask('open', connecting(clients)), tooLong(CONNECT_MS)]);
  await heardBy(clients);
  await subgraphs.ask('quiet');
  await delay(500);

  await subscribers.ask('reset');
  await subgraphs.ask('requests');
  const cpu = cpuSeconds({ gateway: program.pid }).gateway ?? 0;
  const began = performance.now();
  const first = await subgraphs.ask<number>('quiet');
  await subgraphs.ask('publish', perSecond);
  await delay(seconds * 1_000);
  const last = await subgraphs.ask<number>('quiet');
  const upstream = await subgraphs.ask<number>('listeners');
  for (const end = Date.now() + LATE_MS; Date.now() < end && (await subscribers.ask<number>('have', last)) < clients; ) await delay(50);
  // What came late took that long, too.
  const took = (performance.now() - began) / 1_000;
  const cores = ((cpuSeconds({ gateway: program.pid }).gateway ?? 0) - cpu) / took;
  const fetches = (await subgraphs.ask<number>('requests')) / Math.max(1, last - first);
  const heard = await subscribers.ask<Heard>('heard');
  if (heard.wrong > 0) throw new Error(`${heard.wrong} wrong or missing events: ${heard.flaws[0]}`);
  return {
    deliveredPerSecond: heard.delivered / took,
    share: (100 * heard.delivered) / (clients * Math.max(1, last - first)),
    p50: heard.p50,
    p99: heard.p99,
    kilobytesPerClient: ((memoryMb(program.pid) - before) * 1_024) / (clients - Math.min(FIRST, clients)),
    cores,
    fetches,
    upstream,
  };
}

async function settled(pid: number): Promise<void> {
  const end = performance.now() + WARMING.mostMs;
  let most = memoryMb(pid);
  let since = performance.now();
  while (performance.now() < Math.min(since + WARMING.stillMs, end)) {
    await delay(100);
    const now = memoryMb(pid);
    if (now <= most + WARMING.grownMb) continue;
    most = now;
    since = performance.now();
  }
}

async function tooLong(ms: number): Promise<never> {
  await delay(ms, undefined, { ref: false });
  throw new Error(`clients were not connected after ${ms / 1_000} s`);
}
