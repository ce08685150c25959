import { user } from '@madang/kernel/domain';
import { eventually, testDatabase } from '@madang/kernel/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { myPageView } from './events.ts';
import { differences, type Report } from './rebuild/index.ts';
import { SOURCES, TABLES } from './rebuild/targets.ts';
import { type Happening, retold } from './testing/happenings.ts';
import { allRows, command, rebuilding, untilHandled } from './testing/rebuilding.ts';
import { type RunningMyPages, runningMyPages } from './testing/running-my-pages.ts';
import { ALL_STORIES } from './testing/stories/index.ts';

const manager = user('01900000-0000-7000-8000-0000000000fe', 'CUSTOMER', 'MANAGER');
const PAGES = `{ operationsPage { textbookApplications { edges { node { id status paymentStatus } } }
  cleaningReservations { edges { node { id status } } } tickets { edges { node { id status } } }
  ptOrders { edges { node { id status assignmentStatus } } } missionRecords { edges { node { id } } } gifts { edges { node { id } } } } }`;

let numbers = 0;
/** What may happen, once more with things and an account of its own. */
const happenings = (): Happening[][] => {
  const accountId = `01900000-0000-7000-8000-${(++numbers).toString(16).padStart(12, '0')}`;
  return ALL_STORIES.map((one) => retold(one, ++numbers, accountId));
};

const publishTimes = (running: RunningMyPages, times: number) => running.publishAll(Array.from({ length: times }, happenings).flat(2));

/** Stands for whatever has gone wrong with the rows. */
async function corrupt({ sql }: RunningMyPages): Promise<void> {
  await sql(
    `UPDATE "TextbookApplicationRow" SET "status" = 'EXPIRED', "bookTitle" = '?' WHERE "id" IN (SELECT "id" FROM "TextbookApplicationRow" ORDER BY "id" LIMIT 9)`,
  );
  await sql(
    `UPDATE "TicketRow" SET "revision" = 99, "paymentId" = NULL WHERE "id" IN (SELECT "id" FROM "TicketRow" ORDER BY "id" LIMIT 5)`,
  );
  await sql(`DELETE FROM "CleaningReservationRow" WHERE "id" IN (SELECT "id" FROM "CleaningReservationRow" ORDER BY "id" LIMIT 7)`);
  await sql(
    `INSERT INTO "PaymentMethodRow" ("id", "version", "accountId", "isDefault", "updatedAt") VALUES ('nobody''s', 3, 'nobody', true, now())`,
  );
  await sql(
    `UPDATE "PtOrderRow" SET "cancelRefused" = NOT "cancelRefused", "result" = '?' WHERE "id" IN (SELECT "id" FROM "PtOrderRow" ORDER BY "id" LIMIT 4)`,
  );
  await sql(
    `INSERT INTO "PtOrderRow" ("id", "version", "accountId", "cancelRefused", "updatedAt") VALUES ('one', 1, 'nobody', true, now()), ('two', 1, 'nobody', true, now())`,
  );
  await sql(`DELETE FROM "MissionRecordRow" WHERE "id" IN (SELECT "id" FROM "MissionRecordRow" ORDER BY "id" LIMIT 3)`);
  await sql(`UPDATE "GiftRow" SET "status" = NULL WHERE "id" IN (SELECT "id" FROM "GiftRow" ORDER BY "id" LIMIT 6)`);
}

it('knows every view', () => {
  expect(TABLES).toHaveLength(myPageView.options.length);
});

describe('a rebuild of my-pages', () => {
  let running: RunningMyPages;
  beforeAll(async () => {
    running = await runningMyPages();
    await running.replica();
    await publishTimes(running, 20);
    await untilHandled(running);
  });
  afterAll(() => running.close());

  it('changes nothing of rows that are right, and tells nobody', async () => {
    const before = await allRows(running);
    const versions = await running.sql('SELECT "id", "version" FROM "TextbookApplicationRow" ORDER BY "id"');
    const told = await running.told();
    const report = await rebuilding(running);
    expect(differences(report)).toBe(0);
    expect(report.tables.map(({ name, rows }) => [name, rows])).toEqual(TABLES.map((name) => [name, before[name]?.length]));
    expect(report.streams.map(({ context }) => context)).toEqual(SOURCES);
    expect(report.streams.every(({ events, lost }) => events > 0 && lost === undefined)).toBe(true);
    expect(await allRows(running)).toEqual(before);
    expect(await running.sql('SELECT "id", "version" FROM "TextbookApplicationRow" ORDER BY "id"')).toEqual(versions);
    expect(await running.told()).toEqual(told);
  });

  it('puts right what has gone wrong, while events go on and every query is answered, and misses no push', {
    timeout: 90_000,
  }, async () => {
    await corrupt(running);
    let goesOn = true;
    const answers: number[] = [];
    const asking = Array.from({ length: 2 }, async () => {
      while (goesOn) {
        const begun = performance.now();
        const { data, refusal } = await running.ask(PAGES, {}, manager);
        expect(refusal).toBeUndefined();
        expect(data.operationsPage.textbookApplications.edges).toHaveLength(20);
        answers.push(performance.now() - begun);
      }
    });
    const publishing = (async () => {
      for (let round = 0; goesOn; round++) {
        const some = happenings().filter((_, at) => at % 4 === round % 4);
        await running.publishAll(some.flat());
        await untilHandled(running);
      }
    })();
    const ongoing = Promise.all([...asking, publishing]);
    ongoing.catch(() => {});
    let first: Report;
    try {
      await eventually(() => answers.length > 20);
      first = await rebuilding(running);
      expect(differences(await rebuilding(running))).toBe(0);
    } finally {
      goesOn = false;
      await ongoing;
    }
    expect(first.tables.map(({ name, added, changed, removed }) => [name, added, changed, removed])).toEqual([
      ['TextbookApplicationRow', 0, 9, 0],
      ['PaymentMethodRow', 0, 0, 1],
      ['CleaningReservationRow', 7, 0, 0],
      ['TicketRow', 0, 5, 0],
      ['PtOrderRow', 0, 4, 2],
      ['MissionRecordRow', 3, 0, 0],
      ['GiftRow', 0, 6, 0],
    ]);
    console.log(
      `${answers.length} queries, the slowest ${Math.max(...answers).toFixed(0)} ms; writes waited ${first.lockedMs.toFixed(0)} ms`,
    );
    await untilHandled(running);
    expect(differences(await rebuilding(running))).toBe(0);

    // Whoever listens has been told of every row what it came to.
    const last = new Map((await running.told()).map(({ rowId, status }) => [rowId, status]));
    const shown = await running.sql<{ id: string; status: string }>(
      `SELECT "id", "status"::text FROM "TextbookApplicationRow" WHERE "appliedAt" IS NOT NULL AND NOT "hidden"`,
    );
    expect(shown.filter(({ id, status }) => last.get(id) !== status)).toEqual([]);
  });

  it('comes to the rows of a context that reads the same streams from scratch', { timeout: 60_000 }, async () => {
    await corrupt(running);
    await rebuilding(running);
    const rebuilt = await allRows(running);
    const manager = await running.broker.manager();
    const fresh = await testDatabase('my-pages');
    const pool = new pg.Pool({ connectionString: fresh.url, max: 4 });
    pool.on('error', () => {});
    await running.rest();
    for (const source of SOURCES) await manager.consumers.delete(running.broker.names.stream(source), 'my-pages');
    await running.replica({ MY_PAGES_DATABASE: fresh.name });
    const sql = async <Row extends pg.QueryResultRow>(text: string, ...values: unknown[]) => (await pool.query<Row>(text, values)).rows;
    await eventually(async () => expect(await allRows({ sql })).toEqual(rebuilt), { withinMs: 30_000, everyMs: 250 });
    await pool.end();
    await running.rest();
    await fresh.drop();
  });

  it('leaves to the context what it has not handled while it was stopped', async () => {
    await running.rest();
    const before = await allRows(running);
    await publishTimes(running, 1);
    const report = await rebuilding(running);
    expect(differences(report)).toBe(0);
    expect(await allRows(running)).toEqual(before);
  });
});

describe('a rebuild that cannot be finished', () => {
  let running: RunningMyPages;
  beforeAll(async () => {
    running = await runningMyPages();
    await publishTimes(running, 2);
    await untilHandled(running);
  });
  afterAll(() => running.close());

  /** Runs while somebody holds a lock that lets a rebuild come as far as the swap. */
  async function beforeTheSwap(work: () => Promise<void>): Promise<void> {
    const client = new pg.Client({ connectionString: running.env.DATABASE_URL });
    await client.connect();
    await client.query('BEGIN; LOCK TABLE "TicketRow" IN ROW EXCLUSIVE MODE');
    try {
      await work();
    } finally {
      await client.query('ROLLBACK');
      await client.end();
    }
  }

  const atTheSwap = () =>
    eventually(async () => (await running.sql(`SELECT FROM pg_locks WHERE mode = 'ShareRowExclusiveLock' AND NOT granted`)).length > 0, {
      withinMs: 20_000,
    });
  const schemas = () => running.sql(`SELECT FROM pg_namespace WHERE nspname = 'rebuilding'`);

  it('changes nothing when it is killed in the middle, and the next one begins anew', async () => {
    await corrupt(running);
    const before = await allRows(running);
    await beforeTheSwap(async () => {
      const { child, ended } = command(running);
      await atTheSwap();
      await expect(rebuilding(running)).rejects.toThrow('my-pages is being rebuilt already');
      child.kill('SIGKILL');
      await ended;
    });
    expect(await allRows(running)).toEqual(before);
    expect(await schemas()).toHaveLength(1);
    await eventually(async () => expect(differences(await rebuilding(running))).toBe(37));
    expect(await schemas()).toHaveLength(0);
  });

  it('cleans up when it is interrupted', async () => {
    await corrupt(running);
    const before = await allRows(running);
    await beforeTheSwap(async () => {
      const { child, ended } = command(running);
      await atTheSwap();
      child.kill('SIGINT');
      expect(await ended).toMatchObject({ code: 1, output: expect.stringContaining('stopped before it was done') });
    });
    expect(await allRows(running)).toEqual(before);
    expect(await schemas()).toHaveLength(0);
    const { ended } = command(running);
    expect(await ended).toMatchObject({ code: 0, output: expect.stringMatching(/my-pages: \d+ events read, \d+ rows, 37 differed/) });
  });
});

describe('streams that have lost events', () => {
  let running: RunningMyPages;
  beforeAll(async () => {
    running = await runningMyPages();
    await publishTimes(running, 3);
    await untilHandled(running);
  });
  afterAll(() => running.close());

  const streamOf = (context: string) => running.broker.names.stream(context);
  const lostOf = ({ streams }: Awaited<ReturnType<typeof rebuilding>>) =>
    streams.flatMap(({ context, lost }) => (lost === undefined ? [] : [[context, lost]]));

  it('keep the rows that cannot be derived any more, and the command says so', async () => {
    const right = await allRows(running);
    const { streams } = await running.broker.manager();
    const [first] = right.TextbookApplicationRow as { id: string }[];
    await streams.purge(streamOf('applications'), { keep: 5 });
    const { state } = await streams.info(streamOf('applications'));
    const report = await rebuilding(running);
    expect(await allRows(running)).toEqual(right);
    expect(differences(report)).toBe(0);
    expect(lostOf(report)).toEqual([['applications', `${state.first_seq - 1} of its ${state.last_seq} events are gone`]]);
    const textbooks = report.tables.find(({ name }) => name === 'TextbookApplicationRow');
    expect(textbooks).toMatchObject({ incomplete: true, rows: right.TextbookApplicationRow?.length });
    expect(report.tables.filter(({ incomplete }) => incomplete)).toHaveLength(1);

    // What the payments tell of a row is put right, the other views are made anew.
    await running.sql(`UPDATE "TextbookApplicationRow" SET "paymentId" = NULL, "paymentStatus" = NULL WHERE "id" = $1`, first?.id);
    await corruptTickets();
    expect(differences(await rebuilding(running))).toBe(6);
    expect(await allRows(running)).toEqual(right);
  });

  const corruptTickets = () => running.sql(`UPDATE "TicketRow" SET "amount" = 1 WHERE "id" IN (SELECT "id" FROM "TicketRow" LIMIT 5)`);

  it('are known by the inbox when the stream was made anew', async () => {
    const right = await allRows(running);
    const { streams } = await running.broker.manager();
    await streams.delete(streamOf('payment-methods'));
    await running.broker.ensureStream('payment-methods');
    const report = await rebuilding(running);
    expect(await allRows(running)).toEqual(right);
    expect(lostOf(report)).toContainEqual(['payment-methods', expect.stringMatching(/^at least \d+ events that were handled here/)]);
    expect(report.tables.find(({ name }) => name === 'PaymentMethodRow')).toMatchObject({
      kept: right.PaymentMethodRow?.length,
      incomplete: true,
    });
    const { ended } = command(running);
    expect((await ended).output).toContain('The stream of payment-methods has lost events');
  });
});
