import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deadLetters } from '../harness/broker.ts';
import { expectEachMessageOnce, expectEachPageRowOnce } from '../harness/effects.ts';
import { expectLedgerToEqualPayments } from '../harness/ledger.ts';
import { CANCELLED, expectOutcomes, NEVER_SENT, ON_ITS_WAY, type Outcome, REJECTED } from '../harness/outcome.ts';
import { CARD, newCustomer, type Person } from '../harness/people.ts';
import { untilQuiet } from '../harness/quiet.ts';
import { type System, startSystem } from '../harness/system.ts';
import { applyPatiently, cancelPatiently } from '../harness/textbooks.ts';
import { eventually, sideBySide, upTo } from '../harness/until.ts';

const APPLICATIONS = 200;
/** From the moment that the process is back. */
const FINAL_WITHIN = 30_000;
const PROCESSES = [
  'accounts',
  'applications',
  'payments',
  'deliveries',
  'payment-methods',
  'notifications',
  'my-pages',
  'router',
  'postgres',
  'nats',
];

let system: System;
let students: readonly Person[];
let poor: Person;
let rounds = 0;

beforeAll(async () => {
  system = await startSystem({ processes: true, fsync: true });
  students = await sideBySide(upTo(8), 2, () => newCustomer(system));
  poor = await newCustomer(system, { card: CARD.declined });
});
afterAll(() => system?.stop());

/** A client that applies, and sends everything again until it is answered: one in five cancels, one in ten cannot pay. */
async function use(index: number): Promise<{ id: string; ends: readonly Outcome[]; tries: number; codes: readonly string[] }> {
  if (index % 10 === 9) {
    const { application, ...how } = await applyPatiently(poor);
    return { id: application.id, ends: [REJECTED], ...how };
  }
  const student = students[index % students.length] as Person;
  const { application, ...how } = await applyPatiently(student);
  if (index % 5 !== 3) return { id: application.id, ends: [ON_ITS_WAY], ...how };
  const { codes } = await cancelPatiently(student, application.id);
  return { id: application.id, ends: [CANCELLED, NEVER_SENT], ...how, codes: [...how.codes, ...codes] };
}

const numberOf = (codes: readonly string[]) =>
  JSON.stringify(Object.fromEntries([...new Set(codes)].map((code) => [code, codes.filter((one) => one === code).length])));

describe('kill -9 in the middle of two hundred applications', () => {
  test.for(PROCESSES.map((name) => [name] as const))(
    'of %s: all end within 30 s, with one payment and one delivery each',
    async ([name]) => {
      rounds++;
      let answered = 0;
      const load = sideBySide(upTo(APPLICATIONS), 16, async (index) => {
        const used = await use(index);
        answered++;
        return used;
      });
      await eventually(() => answered >= APPLICATIONS / 4, { withinMs: 60_000, everyMs: 5 });
      await system.madang.kill(name, 'SIGKILL');
      expect(answered, 'applications were still to come').toBeLessThan(APPLICATIONS);
      await system.madang.restart(name);
      const backAt = Date.now();

      const used = await load;
      const expected = new Map(used.map(({ id, ends }) => [id, ends]));
      expect(expected.size, 'each key is one application').toBe(APPLICATIONS);
      await eventually(() => expectOutcomes(system, expected), { withinMs: backAt + FINAL_WITHIN - Date.now(), everyMs: 100 });
      const seconds = ((Date.now() - backAt) / 1_000).toFixed(1);
      console.log(
        `${name}: final after ${seconds} s; tried again ${used.filter(({ tries }) => tries > 1).length}: ${numberOf(used.flatMap(({ codes }) => codes))}`,
      );
      await expectLedgerToEqualPayments(system);
    },
  );

  test('and afterwards each effect is there once, nothing is left open, and no application is anybody’s that was not asked for', async () => {
    await untilQuiet(system);
    expect(await system.databases.count('applications', 'SELECT count(*) FROM "TextbookApplication"')).toBe(rounds * APPLICATIONS);
    await expectLedgerToEqualPayments(system);
    await expectEachPageRowOnce(system);
    await expectEachMessageOnce(system);
    expect(await deadLetters(await system.broker())).toBe(0);
  });
});
