import { uuidv7 } from 'uuidv7';
import { afterEach, describe, expect, it } from 'vitest';
import type { RequestContext } from '../graphql/index.ts';
import { internalTokens } from '../identity/index.ts';
import { sql } from '../prisma/index.ts';
import { eventually, startOwnNats, testDatabase } from '../testing/index.ts';
import { decideRaise, type Raise, TallyRaised, tally, tallyStore, tallyTable } from '../testing/tally.ts';
import { cause, log, openBroker } from '../testing/yard.ts';
import { defineContext, type Env, type Kernel } from './definition.ts';
import { startContext } from './start.ts';

const SECRET = 'an internal secret of at least 32 characters';

const tallies = (held: { kernel?: Kernel; before?: () => Promise<void> } = {}) =>
  defineContext({
    name: 'tallies',
    events: { TallyRaised },
    sdl: new URL('../testing/tallies.graphql', import.meta.url),
    async build(kernel) {
      held.kernel = kernel;
      await kernel.db.query(tallyTable).catch(() => {});
      const store = tallyStore(kernel.db);
      return {
        resolvers: {
          Query: { tally: async (_: unknown, { id }: Raise) => (await store.load(id))?.state },
          Mutation: {
            async raise(_: unknown, input: Raise, ctx: RequestContext) {
              await held.before?.();
              return (await kernel.execute({ aggregate: tally, store, key: input.id, input, decide: decideRaise, cause: ctx.cause })).state;
            },
          },
        },
      };
    },
  });

describe('a context', () => {
  const closing: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  async function world() {
    const database = await testDatabase('kernel');
    const nats = await startOwnNats();
    closing.push(database.drop, () => nats.remove());
    const env: Env = { DATABASE_URL: database.url, TALLIES_DATABASE: database.name, NATS_URL: nats.url, INTERNAL_SECRET: SECRET };
    return { env, nats };
  }

  const raise = async (url: string, id: string) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await internalTokens(SECRET).issue(cause.actor, 'router')}` },
      body: JSON.stringify({ query: 'mutation ($id: ID!) { raise(id: $id, by: 1) { count } }', variables: { id } }),
    });
    return ((await response.json()) as { data: { raise: { count: number } } }).data.raise.count;
  };

  it('serves while the broker is not there, and publishes when it comes', async () => {
    const { env, nats } = await world();
    await nats.stop();
    const held: { kernel?: Kernel } = {};
    const running = await startContext(tallies(held), env, { log });
    closing.push(() => running.close());
    const id = uuidv7();
    expect(await raise(running.url, id)).toBe(1);
    expect((await fetch(running.url.replace('/graphql', '/readyz'))).status).toBe(200);
    await nats.start();
    await eventually(async () => {
      const rows = await held.kernel?.db.query<{ published_at: Date | null }>(
        sql`SELECT published_at FROM kernel.outbox WHERE key = ${id}`,
      );
      return rows?.[0]?.published_at != null;
    });
  });

  it('finishes the request in flight and publishes its event before it stops', async () => {
    const { env, nats } = await world();
    const held: { before?: () => Promise<void> } = {};
    const running = await startContext(tallies(held), env, { log });
    const id = uuidv7();
    let release = () => {};
    let entered = false;
    held.before = () => {
      entered = true;
      return new Promise<void>((resolve) => {
        release = resolve;
      });
    };
    const answer = raise(running.url, id);
    await eventually(() => entered);
    const closed = running.close();
    await eventually(() =>
      fetch(running.url.replace('/graphql', '/readyz')).then(
        ({ status }) => status === 503,
        () => true,
      ),
    );
    release();
    expect(await answer).toBe(1);
    await closed;
    const broker = await openBroker('', nats.url);
    closing.push(() => broker.close());
    const jsm = await broker.manager();
    expect((await jsm.streams.getMessage('TALLIES', { last_by_subj: `tallies.tally.TallyRaised.${id}` }))?.json()).toMatchObject({
      count: 1,
    });
  });

  it('names what is wrong in its environment', async () => {
    const { env } = await world();
    await expect(startContext(tallies(), { ...env, INTERNAL_SECRET: 'short' })).rejects.toThrow('INTERNAL_SECRET: needs at least 32');
    await expect(startContext(tallies(), { ...env, NATS_URL: undefined })).rejects.toThrow('NATS_URL: is not set');
    await expect(startContext({ ...tallies(), calls: ['payments'] }, env)).rejects.toThrow('set PAYMENTS_URL');
  });
});
