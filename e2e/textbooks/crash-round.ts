import { expect } from 'vitest';
import { Follower } from '../harness/follower.ts';
import { expectLedgerToEqualPayments } from '../harness/ledger.ts';
import { CANCELLED, expectOutcomes, NEVER_SENT, ON_ITS_WAY, type Outcome, REJECTED } from '../harness/outcome.ts';
import { CARD, newCustomer, type Person } from '../harness/people.ts';
import type { System } from '../harness/system.ts';
import { type ApplicationStatus, applyPatiently, cancelPatiently } from '../harness/textbooks.ts';
import { eventually, sideBySide, upTo } from '../harness/until.ts';

const APPLICATIONS = 200;
/** From the moment that the process is back. */
const FINAL_WITHIN_MS = 30_000;

const WATCH = `subscription Changes($after: String) { applicationStatusChanged(after: $after) { status cursor application { id } } }`;

interface Change {
  readonly status: ApplicationStatus;
  readonly cursor: string;
  readonly application: { readonly id: string } | null;
}

/** The clients of a system whose processes are killed. */
export interface Clients {
  readonly system: System;
  readonly students: readonly Person[];
  /** Whose card is declined. */
  readonly poor: Person;
  /** The first student's other device. */
  readonly follower: Follower<Change>;
  rounds: number;
}

export async function clientsOf(system: System): Promise<Clients> {
  const students = await sideBySide(upTo(8), 2, () => newCustomer(system));
  const poor = await newCustomer(system, { card: CARD.declined });
  const follower = await Follower.start<Change>(students[0] as Person, 'applications', WATCH);
  return { system, students, poor, follower, rounds: 0 };
}

/** A client that applies, and sends everything again until it is answered: one in five cancels, one in ten cannot pay. */
async function use({ students, poor }: Clients, index: number) {
  if (index % 10 === 9) {
    const { application, ...how } = await applyPatiently(poor);
    return { id: application.id, ends: [REJECTED] as const, ...how };
  }
  const student = students[index % students.length] as Person;
  const { application, ...how } = await applyPatiently(student);
  if (index % 5 !== 3) return { id: application.id, ends: [ON_ITS_WAY] as const, ...how };
  const { codes } = await cancelPatiently(student, application.id);
  return { id: application.id, ends: [CANCELLED, NEVER_SENT] as const, ...how, codes: [...how.codes, ...codes] };
}

function tally(codes: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].map(([code, count]) => `${count} ${code}`).join(', ') || 'nobody noticed';
}

/** Kills the processes in the middle of the applications, starts them again, and expects each application to end as it must. */
export async function killInTheMiddle(clients: Clients, names: readonly string[]): Promise<void> {
  const { system } = clients;
  clients.rounds++;
  let answered = 0;
  const load = sideBySide(upTo(APPLICATIONS), 16, async (index) => {
    const used = await use(clients, index);
    answered++;
    return used;
  });
  load.catch(() => {}); // it is awaited below
  await eventually(() => answered >= APPLICATIONS / 4, { withinMs: 60_000, everyMs: 5 });
  await Promise.all(names.map((name) => system.madang.kill(name, 'SIGKILL')));
  expect(answered, 'applications were still to come').toBeLessThan(APPLICATIONS);
  // Servers first, as always: a context waits for its database for a while only.
  for (const name of names) await system.madang.restart(name);
  const backAt = Date.now();

  const used = await load;
  const expected = new Map<string, readonly Outcome[]>(used.map(({ id, ends }) => [id, ends]));
  expect(expected.size, 'each key is one application').toBe(APPLICATIONS);
  await eventually(() => expectOutcomes(system, expected), { withinMs: backAt + FINAL_WITHIN_MS - Date.now(), everyMs: 100 });
  const seconds = ((Date.now() - backAt) / 1_000).toFixed(1);
  console.log(
    `${names.join(', ')}: all final ${seconds} s after the restart; clients were told: ${tally(used.flatMap(({ codes }) => codes))}`,
  );
  await expectLedgerToEqualPayments(system);
}

/** No application that nobody asked for. */
export async function expectNoApplicationTooMany({ system, rounds }: Clients): Promise<void> {
  expect(await system.databases.count('applications', 'SELECT count(*) FROM "TextbookApplication"')).toBe(rounds * APPLICATIONS);
}

const STATUS: Readonly<Record<string, ApplicationStatus>> = {
  TextbookApplied: 'APPLIED',
  TextbookPaymentDeferred: 'PAYMENT_DEFERRED',
  TextbookApplicationPaid: 'PAID',
  TextbookApplicationDelivering: 'DELIVERING',
  TextbookCancellationRequested: 'CANCELLING',
  TextbookApplicationCancelled: 'CANCELLED',
};

/** Whatever was killed, the follower has seen each change once, those of an application in their order. */
export async function expectFollowerToHaveSeenAll({ system, students: [student], follower }: Clients): Promise<void> {
  const rows = await system.databases.query<{ name: string; key: string }>(
    'applications',
    `SELECT split_part(type, '.', 3) AS name, key FROM kernel.outbox WHERE data->>'accountId' = $1 ORDER BY seq`,
    [student?.accountId],
  );
  const happened = Map.groupBy(rows, ({ key }) => key);
  await eventually(() => expect(follower.all).toHaveLength(rows.length), { withinMs: 15_000 });
  expect(new Set(follower.all.map(({ cursor }) => cursor)).size, 'changes that were told once').toBe(rows.length);
  const seen = Map.groupBy(follower.all, ({ application }) => application?.id ?? 'the application could not be read');
  const statuses = (changes: readonly Change[] = []) => changes.map(({ status }) => status);
  const wrong = [...happened].filter(([id, events]) => {
    const expected = events.map(({ name }) => STATUS[name]);
    return JSON.stringify(statuses(seen.get(id))) !== JSON.stringify(expected) && !seen.has('the application could not be read');
  });
  expect(wrong, `after ${follower.comebacks} comebacks`).toEqual([]);
  console.log(`the follower came back ${follower.comebacks} times and saw ${rows.length} changes, each once`);
}
