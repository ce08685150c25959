import { type Decide, Refused, user } from '@madang/kernel/domain';
import { expect, it } from 'vitest';
import { decideCapture, decideCredit, decideGiveUp, decideHold, decideRelease } from './decide.ts';
import type { GiftExchange } from './gift-exchange.ts';
import { type Booking, booking, type Entry, emptyWallet, type GiftItem, type Wallet, type WalletChange } from './wallet.ts';

const now = new Date('2026-11-20T06:00:00Z');
const item: GiftItem = { id: 'item', title: '쿠폰', points: 300 };
const actor = user('owner', 'CUSTOMER');

/** What a wallet's tables have; every step reads and writes them as the store does. */
interface Course {
  readonly wallet: Wallet;
  readonly ledger: readonly Entry[];
  readonly exchanges: ReadonlyMap<string, GiftExchange>;
}
type Fact = (course: Course) => Course;

const step =
  <Input>(about: string, decide: Decide<Booking, Input, WalletChange>, input: Input): Fact =>
  (course) => {
    const loaded: Booking = {
      wallet: course.wallet,
      exchange: course.exchanges.get(about) ?? null,
      item,
      credited: course.ledger.some(({ kind, reference }) => kind === 'CREDIT' && reference === about),
      entry: null,
    };
    try {
      const events = decide(loaded, input, { now, actor });
      const after = events.reduce((before, event) => booking.evolve(before, event), loaded);
      return {
        wallet: after.wallet,
        ledger: after.entry ? [...course.ledger, after.entry] : course.ledger,
        exchanges: after.exchange ? new Map(course.exchanges).set(after.exchange.id, after.exchange) : course.exchanges,
      };
    } catch (error) {
      expect(error).toBeInstanceOf(Refused);
      return course;
    }
  };

const reward = (rewardId: string) => step(rewardId, decideCredit, { accountId: 'owner', rewardId, title: '미션', points: 300 });
const hold =
  (id: string): Fact =>
  (course) =>
    course.exchanges.has(id) ? course : step(id, decideHold, { exchangeId: id })(course);
const facts = {
  reward: reward('r'),
  rewardAgain: reward('r'),
  holdA: hold('a'),
  captureA: step('a', decideCapture, { giftId: 'g' }),
  giveUpA: step('a', decideGiveUp, { reason: 'UNAVAILABLE' }),
  releaseA: step('a', decideRelease, { reason: 'SOLD_OUT' }),
  holdB: hold('b'),
  captureB: step('b', decideCapture, { giftId: 'h' }),
};
type Name = keyof typeof facts;

function* orders(names: readonly Name[]): Generator<readonly Name[]> {
  if (names.length === 0) return yield [];
  for (const [at, name] of names.entries()) for (const rest of orders(names.toSpliced(at, 1))) yield [name, ...rest];
}
const begin: Course = { wallet: emptyWallet('owner'), ledger: [], exchanges: new Map() };
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** What is wrong with it, if anything is. */
function problem({ wallet, ledger, exchanges }: Course): string | undefined {
  const pointsIn = (...statuses: string[]) =>
    sum([...exchanges.values()].flatMap(({ status, points }) => (statuses.includes(status) ? [points] : [])));
  const credited = sum(ledger.flatMap(({ kind, points }) => (kind === 'CREDIT' ? [points] : [])));
  if (wallet.balance < 0) return 'it is below zero';
  if (wallet.balance !== sum(ledger.map(({ change }) => change))) return 'it is not the sum of its ledger';
  if (wallet.held !== pointsIn('HELD', 'RELEASING')) return 'what is held is not what is being exchanged';
  if (wallet.balance + wallet.held + pointsIn('CAPTURED') !== credited) return 'points came or went';
  if (ledger.some(({ number }, at) => number !== at + 1)) return 'the ledger has a gap';
  const { balance, held } = ledger.at(-1) ?? { balance: 0, held: 0 };
  return balance === wallet.balance && held === wallet.held ? undefined : 'the last entry tells something else';
}

it('in every order, at every step: never below zero, the sum of the ledger, and nothing is spent twice', () => {
  let count = 0;
  for (const order of orders(Object.keys(facts) as Name[])) {
    const story = order.join(', ');
    let course = begin;
    for (const name of order) {
      course = facts[name](course);
      const wrong = problem(course);
      if (wrong) expect.fail(`${wrong}, at ${name} of ${story}`);
    }
    expect(
      course.ledger.filter(({ kind }) => kind === 'CREDIT'),
      story,
    ).toHaveLength(1);
    const captured = [...course.exchanges.values()].filter(({ status }) => status === 'CAPTURED');
    expect(captured.length, story).toBeLessThanOrEqual(1);
    count++;
  }
  expect(count).toBe(40_320);
}, 60_000);

it('comes to the same when every fact is told twice', () => {
  for (const order of orders(['reward', 'holdA', 'captureA', 'giveUpA', 'releaseA']))
    expect(
      order.flatMap((name) => [name, name]).reduce((course, name) => facts[name](course), begin),
      order.join(', '),
    ).toEqual(order.reduce((course, name) => facts[name](course), begin));
});
