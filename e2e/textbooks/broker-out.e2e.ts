import { afterAll, beforeAll, expect, test } from 'vitest';
import { deadLetters } from '../harness/broker.ts';
import { expectEachMessageOnce, expectEachPageRowOnce } from '../harness/effects.ts';
import { expectLedgerToEqualPayments } from '../harness/ledger.ts';
import { expectOutcomes, ON_ITS_WAY } from '../harness/outcome.ts';
import { newCustomer, type Person } from '../harness/people.ts';
import { untilQuiet } from '../harness/quiet.ts';
import { PATIENT_EDGES, type System, startSystem } from '../harness/system.ts';
import { apply, statusOf, watchApplications } from '../harness/textbooks.ts';
import { elapsed, eventually, percentile, sideBySide, timed, upTo } from '../harness/until.ts';

const OUT_FOR = 30_000;
const APPLICATIONS = 300;

let system: System;
let students: readonly Person[];

beforeAll(async () => {
  system = await startSystem({ env: PATIENT_EDGES });
  students = await sideBySide(upTo(6), 2, () => newCustomer(system));
});
afterAll(() => system?.stop());

test('nats-server is stopped for thirty seconds under three hundred applications: all are paid at once, and afterwards each effect is there once', async () => {
  const [watched] = students as [Person];
  const changes = await watchApplications(watched);
  const before = await sideBySide(upTo(12), 4, (index) => apply(students[index % 6] as Person));
  await changes.one(({ status }) => status === 'PAID');

  await system.madang.halt('nats');
  const outage = elapsed(OUT_FOR, 'nats-server is out');
  const during = await sideBySide(upTo(APPLICATIONS), 6, async (index) => {
    const { result, ms } = await timed(() => apply(students[index % 6] as Person));
    expect(result.status).toBe('PAID');
    return { id: result.id, ms };
  });
  const times = during.map(({ ms }) => ms);
  console.log(`applying without a broker: p50 ${percentile(times, 0.5).toFixed(0)} ms, p99 ${percentile(times, 0.99).toFixed(0)} ms`);
  await outage;
  const backlog = await system.metrics.sum('applications', 'madang_outbox_backlog');
  expect(backlog).toBeGreaterThanOrEqual(2 * APPLICATIONS);

  await system.madang.restart('nats');
  const ids = [...before, ...during].map(({ id }) => id);
  await eventually(() => expectOutcomes(system, new Map(ids.map((id) => [id, [ON_ITS_WAY]]))), { withinMs: 30_000, everyMs: 200 });
  await untilQuiet(system);
  expect(await system.databases.count('applications', 'SELECT count(*) FROM "TextbookApplication"')).toBe(ids.length);
  await expectLedgerToEqualPayments(system);
  await expectEachPageRowOnce(system);
  await expectEachMessageOnce(system);
  expect(await deadLetters(await system.broker())).toBe(0);

  const own = ids.filter((_, index) => (index < 12 ? index : index - 12) % 6 === 0);
  await eventually(() => expect(changes.all).toHaveLength(3 * own.length));
  for (const id of own)
    expect(changes.all.filter(({ application }) => application?.id === id).map(statusOf)).toEqual(['APPLIED', 'PAID', 'DELIVERING']);
});
