import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AlreadyHandled, saveRows, sql, VersionConflict } from '../prisma/index.ts';
import { TallyRaised } from '../testing/tally.ts';
import { cause, tallyYard } from '../testing/yard.ts';
import { commit, commitAll } from './execute.ts';

describe('several commits in one statement', () => {
  let yard: Awaited<ReturnType<typeof tallyYard>>;
  beforeAll(async () => {
    yard = await tallyYard();
  });
  afterAll(() => yard.close());

  const raised = (tallyId: string, count: number) => TallyRaised({ tallyId, by: 1, count });
  const handling = (correlationId = uuidv7()) => ({ ...cause, correlationId, inbox: { eventId: uuidv7(), handler: 'mirror' } });
  const rowsOf = (ids: readonly string[]) =>
    yard.db.query(sql`SELECT id::text, count, version FROM "Tally" WHERE id::text = ANY(${ids}) ORDER BY id`);
  const handled = async (...causes: ReturnType<typeof handling>[]) =>
    (await yard.db.query(sql`SELECT 1 FROM kernel.inbox WHERE event_id::text = ANY(${causes.map(({ inbox }) => inbox.eventId)})`)).length;

  it('save rows that are new and rows that are there, tell events in their order, each with its trail, and are all handled', async () => {
    const ids = Array.from({ length: 4 }, () => uuidv7());
    const [one = '', two = '', three = '', four = ''] = ids;
    const before = [
      { id: one, count: 1, version: 0 },
      { id: two, count: 1, version: 0 },
    ];
    await commit(yard.executor, cause, { writes: saveRows('Tally', before) });
    const rows = [three, one, four, two].map((id, at) => ({ id, count: 10 + at, version: before.some((row) => row.id === id) ? 1 : 0 }));
    const causes = [handling('first'), handling('second'), handling('third')];
    const events = [[raised(one, 11)], [raised(two, 12), raised(two, 13)], []];
    await commitAll(
      yard.executor,
      causes.map((why, at) => ({ cause: why, events: events[at] ?? [], ...(at === 0 ? { writes: saveRows('Tally', rows) } : {}) })),
    );
    expect(await rowsOf(ids)).toEqual([
      { id: one, count: 11, version: 2 },
      { id: two, count: 13, version: 2 },
      { id: three, count: 10, version: 1 },
      { id: four, count: 12, version: 1 },
    ]);
    expect(await handled(...causes)).toBe(3);
    const told = await yard.db.query(
      sql`SELECT key, subject, data, correlation_id AS why, causation_id FROM kernel.outbox WHERE key = ANY(${ids}) ORDER BY seq`,
    );
    const row = (tallyId: string, count: number, why: string) => ({
      key: tallyId,
      subject: `tallies.tally.TallyRaised.${tallyId}`,
      data: { tallyId, by: 1, count },
      why,
      causation_id: null,
    });
    expect(told).toEqual([row(one, 11, 'first'), row(two, 12, 'second'), row(two, 13, 'second')]);
  });

  it.each([
    ['is there already', 0],
    ['is in another version', 7],
  ])('are not written at all when one of the rows %s', async (_, version) => {
    const [known, other] = [uuidv7(), uuidv7()];
    await yard.raise(known);
    const writes = saveRows('Tally', [
      { id: other, count: 5, version: 0 },
      { id: known, count: 5, version },
    ]);
    const causes = [handling(), handling()];
    const changes = [
      { cause: causes[0] ?? cause, writes },
      { cause: causes[1] ?? cause, events: [raised(other, 5)] },
    ];
    await expect(commitAll(yard.executor, changes)).rejects.toBeInstanceOf(VersionConflict);
    expect(await rowsOf([known, other])).toEqual([{ id: known, count: 1, version: 1 }]);
    expect(await handled(...causes)).toBe(0);
  });

  it('are not written at all when one of the events has been handled before', async () => {
    const [id, known] = [uuidv7(), handling()];
    await commit(yard.executor, known, { events: [raised(uuidv7(), 1)] });
    const writes = saveRows('Tally', [{ id, count: 1, version: 0 }]);
    const again = { ...known, inbox: { ...known.inbox } };
    await expect(commitAll(yard.executor, [{ cause: handling(), writes }, { cause: again }])).rejects.toBeInstanceOf(AlreadyHandled);
    expect(await rowsOf([id])).toEqual([]);
  });
});
