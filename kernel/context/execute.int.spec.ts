import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Refused } from '../domain/index.ts';
import { sql, VersionConflict } from '../prisma/index.ts';
import { tally } from '../testing/tally.ts';
import { cause, tallyYard } from '../testing/yard.ts';
import { commit, execute } from './execute.ts';

describe('a command', () => {
  let yard: Awaited<ReturnType<typeof tallyYard>>;
  beforeAll(async () => {
    yard = await tallyYard();
  });
  afterAll(() => yard.close());

  const outbox = (key: string) =>
    yard.db.query<{ type: string; subject: string; data: { count: number }; correlation_id: string }>(
      sql`SELECT type, subject, data, correlation_id FROM kernel.outbox WHERE key = ${key} ORDER BY seq`,
    );

  it('saves the state and its events together', async () => {
    const id = uuidv7();
    const { state } = await yard.raise(id, 3);
    expect(state).toEqual({ id, count: 3 });
    expect(await yard.store.load(id)).toEqual({ state, version: 1 });
    expect(await outbox(id)).toEqual([
      {
        type: 'madang.tallies.TallyRaised.v1',
        subject: `tallies.tally.TallyRaised.${id}`,
        data: { tallyId: id, by: 3, count: 3 },
        correlation_id: 'test',
      },
    ]);
  });

  it('decides again when another was faster, so that nothing is lost', async () => {
    const id = uuidv7();
    await Promise.all(Array.from({ length: 12 }, () => yard.raise(id)));
    expect((await yard.store.load(id))?.state.count).toBe(12);
    expect((await outbox(id)).map(({ data }) => data.count)).toEqual(Array.from({ length: 12 }, (_, at) => at + 1));
  });

  it('leaves nothing behind when it is refused', async () => {
    const id = uuidv7();
    await expect(yard.raise(id, 2_000)).rejects.toMatchObject({ code: 'TALLY_FULL' });
    expect(await yard.store.load(id)).toBeNull();
    expect(await outbox(id)).toEqual([]);
  });

  it('takes a row that a unique or an exclusion constraint keeps out for a conflict', async () => {
    const { db, store, executor } = yard;
    const [id, count] = [uuidv7(), 777];
    await commit(executor, cause, { writes: [store.save({ id, count }, 0)].flat() });
    await expect(commit(executor, cause, { writes: [store.save({ id, count: 778 }, 0)].flat() })).rejects.toBeInstanceOf(VersionConflict);
    await db.query(
      sql`ALTER TABLE "Tally" ADD CONSTRAINT "apart" EXCLUDE USING gist (int4range(count, count, '[]') WITH &&) WHERE (count = 777)`,
    );
    const another = [store.save({ id: uuidv7(), count }, 0)].flat();
    await expect(commit(executor, cause, { writes: another })).rejects.toBeInstanceOf(VersionConflict);
    await db.query(sql`ALTER TABLE "Tally" DROP CONSTRAINT "apart"`);
  });

  it('writes all of a commit or nothing of it', async () => {
    const id = uuidv7();
    await yard.raise(id);
    const stale = yard.store.save({ id, count: 99 }, 7);
    const fresh = yard.store.save({ id: uuidv7(), count: 1 }, 0);
    const open = [{ kind: 'k', key: id, payload: {}, dueInMs: 0 }];
    await expect(commit(yard.executor, cause, { writes: [stale, fresh].flat(), open })).rejects.toThrow('conflict');
    expect(await yard.db.query(sql`SELECT 1 FROM kernel.intent WHERE key = ${id}`)).toEqual([]);
    expect((await yard.store.load(id))?.state.count).toBe(1);
  });

  it('answers the same idempotency key with what it made, also when both come at once', async () => {
    const [one, two] = await Promise.all([yard.raise(uuidv7(), 1, cause, 'key-1'), yard.raise(uuidv7(), 1, cause, 'key-1')]);
    const three = await yard.raise(uuidv7(), 1, cause, 'key-1');
    expect(new Set([one.state.id, two.state.id, three.state.id]).size).toBe(1);
    expect([one.replayed, two.replayed].sort()).toEqual([false, true]);
    await expect(yard.raise(uuidv7(), 2, cause, 'key-1')).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
  });

  describe('that is refused', () => {
    /** Refused for what came to be between the look at the key and the decision: what `meanwhile` does. */
    const refusedAfter = (meanwhile: () => Promise<unknown>, key: string | undefined) =>
      execute(yard.executor, {
        aggregate: tally,
        store: {
          save: yard.store.save,
          async load(id) {
            if (id === wanted) await meanwhile();
            return yard.store.load(id);
          },
        },
        key: wanted,
        input: {},
        decide: () => {
          throw new Refused('ALREADY_THERE', 'What was wanted is there.');
        },
        cause,
        idempotency: { scope: 'raise', key, input: { by: 1 } },
      });
    const wanted = uuidv7();
    const refusal = { code: 'ALREADY_THERE' };

    it('because the same request has just been done answers with what that made', async () => {
      const made = uuidv7();
      const outcome = await refusedAfter(() => yard.raise(made, 1, cause, 'key-2'), 'key-2');
      expect(outcome).toEqual({ state: { id: made, count: 1 }, version: 1, events: [], replayed: true });
      expect(await yard.store.load(wanted)).toBeNull();
    });

    it('because of another request, or of one with no key, stays refused, and the key free', async () => {
      await expect(refusedAfter(() => yard.raise(uuidv7(), 1, cause, 'key-3'), 'key-4')).rejects.toMatchObject(refusal);
      await expect(refusedAfter(() => yard.raise(uuidv7()), undefined)).rejects.toMatchObject(refusal);
      expect((await yard.raise(uuidv7(), 1, cause, 'key-4')).replayed).toBe(false);
    });

    it('because of a request with the same key and other input is told so', async () => {
      const other = () => yard.raise(uuidv7(), 2, cause, 'key-5');
      await expect(refusedAfter(other, 'key-5')).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    });
  });

  it('happens once for an event', async () => {
    const id = uuidv7();
    const eventId = uuidv7();
    const again = () => yard.raise(id, 1, { ...cause, inbox: { eventId, handler: 'raise-when-told' } });
    await again();
    await expect(again()).rejects.toThrow();
    expect((await yard.store.load(id))?.state.count).toBe(1);
  });
});
