import { Broker } from '@madang/kernel/nats';
import { type OwnServer, startOwnNats, testPrefix, testServers } from '@madang/kernel/testing';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Router } from '../router.ts';
import { ask, until } from '../testing/ask.ts';
import { type Shop, shop } from '../testing/shop.ts';

let world: Shop;
let nats: OwnServer | undefined;
const brokers: Broker[] = [];
beforeAll(async () => {
  world = await shop();
});
afterAll(async () => {
  await world.close();
  await Promise.all(brokers.map((broker) => broker.close()));
  await nats?.remove();
});

const BURST = 20;
const door = { ratePerAccount: 1, burstPerAccount: BURST, rateShareMs: 10 };

async function replica(url: string, prefix: string): Promise<Router> {
  const broker = await Broker.open({ url, prefix, name: 'test', log: pino({ level: 'silent' }) });
  brokers.push(broker);
  return world.router({}, undefined, { door, broker: Promise.resolve(broker) });
}

const asking = async (sub: string) => {
  const headers = { authorization: `Bearer ${await world.keys.token({ sub })}` };
  return ({ url }: Router) => ask(url, '{ orders { id } }', { headers });
};

it('two routers let in together what one may, as soon as they have told each other', async () => {
  const prefix = testPrefix();
  const [one, other] = await Promise.all([replica(testServers().natsUrl, prefix), replica(testServers().natsUrl, prefix)]);
  const kim = await asking('kim');
  const lee = await asking('lee');
  // The other has heard of it once it refuses.
  while ((await kim(one)).status === 200);
  let letIn = 0;
  await until(async () => {
    const { status } = await kim(other);
    if (status === 200) letIn++;
    return status === 429;
  });
  expect(letIn).toBeLessThanOrEqual(BURST);
  // What was let in twice is owed: nothing comes back before that.
  await until(async () => Number((await kim(one)).errors[0]?.extensions.retryAfterSeconds) > 60 * (letIn - 1));
  expect((await lee(other)).status).toBe(200);
});

it('each is for itself while nats-server is away, and they know of each other again when it is back', async () => {
  nats = await startOwnNats();
  const prefix = testPrefix();
  const [one, other] = await Promise.all([replica(nats.url, prefix), replica(nats.url, prefix)]);
  await nats.stop();
  await until(() => brokers.slice(-2).every(({ connected }) => !connected));
  const kim = await asking('kim');
  for (const router of [one, other]) {
    const statuses = [];
    for (let n = 0; n <= BURST; n++) statuses.push((await kim(router)).status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(BURST);
  }
  await nats.start();
  await until(() => brokers.slice(-2).every(({ connected }) => connected));
  const lee = await asking('lee');
  while ((await lee(one)).status === 200);
  await until(async () => (await lee(other)).status === 429);
});
