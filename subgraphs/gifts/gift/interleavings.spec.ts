import { type Actor, type Decide, Refused, service, user } from '@madang/kernel/domain';
import { expect, it } from 'vitest';
import type { GiftEvent } from '../events.ts';
import type { GiftItem } from '../gift-item/gift-item.ts';
import { decideActivate, decideIssue, decideUse, decideVoid } from './decide.ts';
import { type Giving, giving } from './gift.ts';

const now = new Date('2026-11-20T06:00:00Z');
const giftItemId = '01936d5e-0000-7000-8000-000000000541';
const id = '01936d5e-0000-7000-8000-000000000551';
const item: GiftItem = { id: giftItemId, title: '쿠폰', description: '', points: 300, stock: 1, remaining: 1, registeredAt: now };
const of = { accountId: 'owner', exchangeId: 'e' };

interface Course {
  readonly state: Giving;
  readonly published: readonly string[];
  /** What the callers were told. */
  readonly agreed: readonly string[];
}
type Fact = (course: Course) => Course;

const fact =
  <Input>(name: string, decide: Decide<Giving, Input, GiftEvent>, input: Input, actor: Actor): Fact =>
  (course) => {
    try {
      const events = decide(course.state, input, { now, actor });
      const state = events.reduce((before, event) => giving.evolve(before, event), course.state);
      return { state, published: [...course.published, ...events.map((event) => event.name)], agreed: [...course.agreed, name] };
    } catch (error) {
      expect(error).toBeInstanceOf(Refused);
      return course;
    }
  };

const wallets = service('wallets');
const issue = { ...of, giftItemId, points: 300, newId: id };
const facts = {
  issue: fact('issue', decideIssue, issue, wallets),
  issueAgain: fact('issue', decideIssue, issue, wallets),
  activate: fact('activate', decideActivate, of, wallets),
  activateAgain: fact('activate', decideActivate, of, wallets),
  void: fact('void', decideVoid, { ...of, newId: id }, wallets),
  voidAgain: fact('void', decideVoid, { ...of, newId: id }, wallets),
  use: fact('use', decideUse, { giftId: id }, user('owner')),
};
type Name = keyof typeof facts;

function* orders(names: readonly Name[]): Generator<readonly Name[]> {
  if (names.length === 0) return yield [];
  for (const [at, name] of names.entries()) for (const rest of orders(names.toSpliced(at, 1))) yield [name, ...rest];
}
const begin: Course = { state: { item, gift: null }, published: [], agreed: [] };
const run = (order: readonly Name[]): Course => order.reduce((course, name) => facts[name](course), begin);

it('in every order, a gift is either activated or voided, whoever was told that is right, and the stock is what is left', () => {
  let count = 0;
  for (const order of orders(Object.keys(facts) as Name[])) {
    const story = order.join(', ');
    const { state, published, agreed } = run(order);
    expect(agreed.includes('void') && agreed.includes('activate'), story).toBe(false);
    expect(state.gift?.status, story).toBe(agreed.includes('use') ? 'USED' : agreed.includes('void') ? 'VOIDED' : 'ACTIVE');
    expect(new Set(published).size, `each event once: ${story}`).toBe(published.length);
    expect(published.includes('GiftIssued'), story).toBe(state.gift?.present !== null);
    if (agreed.includes('void'))
      expect(agreed.lastIndexOf('issue'), `never issued afterwards: ${story}`).toBeLessThan(agreed.indexOf('void'));
    count++;
  }
  expect(count).toBe(5_040);
});

it('comes to the same when every fact is told twice', () => {
  for (const order of orders(['issue', 'activate', 'void', 'use']))
    expect(run(order.flatMap((name) => [name, name])).state, order.join(', ')).toEqual(run(order).state);
});
