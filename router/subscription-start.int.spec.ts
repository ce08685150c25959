import { readFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { internalTokens } from '@madang/kernel/identity';
import { testPrefix, testServers } from '@madang/kernel/testing';
import { ContextProcess } from '@madang/kernel/testing/context';
import { ToyStream } from '@madang/kernel/testing/toys';
import { parse } from 'graphql';
import type { Client } from 'graphql-ws';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../tools/servers/ports.ts';
import { type Router, startRouter } from './router.ts';
import { until } from './testing/ask.ts';
import { type Issuer, issuer } from './testing/issuer.ts';
import { clientOf, type Listener, listen } from './testing/listen.ts';

const TOYS = new URL('../kernel/graphql/toy/', import.meta.url);
const TOLD = 'subscription ($to: String, $after: String) { toyTold(to: $to, after: $after) { n toy { id } } }';
const POSITIONS = { extensions: { positions: true } };

const numbers = ({ results }: Listener) => results.flatMap(({ data }) => (data ? [(data.toyTold as { n: number }).n] : []));
const positions = ({ results }: Listener) =>
  results.flatMap(({ data, extensions }) => (data === null ? [String(extensions?.position)] : []));

describe('a subscription before its first event', () => {
  let stream: ToyStream;
  let toys: ContextProcess;
  let keys: Issuer;
  let router: Router;
  const clients: Client[] = [];
  beforeAll(async () => {
    const [NATS_URL, PREFIX, PORT] = [testServers().natsUrl, testPrefix(), String(await freePort())];
    keys = await issuer();
    stream = await ToyStream.make(NATS_URL, PREFIX);
    toys = await new ContextProcess(new URL('main.ts', TOYS), { NATS_URL, PREFIX, PORT }).start();
    const typeDefs = parse(readFileSync(new URL('toys.graphql', TOYS), 'utf8'));
    const { supergraphSdl = '', errors } = composeServices([{ name: 'toys', url: toys.url, typeDefs }]);
    expect(errors).toBeUndefined();
    router = await startRouter({
      ...{ supergraphSdl, subgraphs: { toys: toys.url }, port: 0, host: '127.0.0.1', log: pino({ level: 'silent' }) },
      identity: { jwksUrl: keys.jwksUrl, issuer: 'madang', audience: 'madang' },
      tokens: internalTokens('a secret of tests, long enough to sign'),
      limits: { resumeFirstMs: 20, resumeLongestMs: 100, upstreamIdleMs: 50 },
    });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.dispose();
    await until(async () => (await gauge('upstream_subscriptions_open')) === 0, 'no subscription left at the subgraph');
  });
  afterAll(async () => {
    await router.close();
    await toys.kill();
    await stream.close();
    await keys.close();
  });

  async function gauge(name: string): Promise<number> {
    const text = await (await fetch(new URL('/metrics', router.url))).text();
    return Number(new RegExp(`router_${name}\\{[^}]*\\} (\\d+)`).exec(text)?.[1]);
  }
  async function subscribe(variables: Record<string, unknown> = {}, more = {}): Promise<Listener> {
    const client = clientOf(router.url, { connectionParams: { authorization: `Bearer ${await keys.token()}` } });
    clients.push(client);
    return listen(client, { query: TOLD, variables, ...more });
  }

  it('misses nothing and sees nothing twice although its subgraph is killed, also who came later to the same', async () => {
    const asking = await subscribe({}, POSITIONS);
    await asking.got(1);
    const [plain, later] = [await subscribe(), await subscribe({}, POSITIONS)];
    await later.got(1);
    await until(async () => (await gauge('subscriptions_open')) === 3, 'three subscriptions');
    expect(await gauge('upstream_subscriptions_open')).toBe(1);
    expect(positions(later)).toEqual(positions(asking));
    await toys.kill();
    await stream.tellAll(1, 3);
    await toys.start();
    await until(() => numbers(plain).length === 3);
    await stream.tell(4);
    for (const each of [asking, plain, later]) {
      await until(() => numbers(each).length === 4);
      expect(numbers(each)).toEqual([1, 2, 3, 4]);
    }
    expect(plain.results).toHaveLength(4);
    expect([asking, plain, later].map((each) => each.end())).toEqual([undefined, undefined, undefined]);
  });

  it('is resumed by its own client from where it began, or had come without an event for it', async () => {
    const first = await subscribe({ to: 'me' }, POSITIONS);
    await first.got(1);
    await stream.tell(1, { to: 'me' });
    await until(() => numbers(first).length === 1);
    await stream.tell(2, { to: 'you' });
    await until(() => positions(first).length === 2, 'a position after what was for others');
    first.stop();
    await stream.tell(3, { to: 'me' });
    const [begin, end] = positions(first);
    for (const [after, missed] of [
      [begin, [1, 3]],
      [end, [3]],
    ] as const) {
      const again = await subscribe({ to: 'me', after });
      await until(() => numbers(again).length === missed.length);
      expect(numbers(again)).toEqual(missed);
    }
  });
});
