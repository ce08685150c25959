import { type Decide, Refused, service } from '@madang/kernel/domain';
import { expect, it } from 'vitest';
import { decideExpire, decideFollowPayment, decideRedeem, decideRelease } from './decide.ts';
import { TicketPurchased } from './events.ts';
import { isPaid, type Ticket, type TicketChange, ticket, ticketOrdered } from './ticket.ts';

const ticketId = '01936d5e-0000-7000-8000-000000000f01';
const accountId = '01900000-0000-7000-8000-000000000001';
const now = new Date('2026-11-20T06:00:00Z');
const end = new Date('2026-12-20T06:00:00Z');
const begin = [
  ticketOrdered({ id: ticketId, accountId, type: 'ONE_HOUR', phone: '01012345678', amount: 1_000, usingMinutes: 60, orderedAt: now }),
  TicketPurchased({
    ...{ ticketId, accountId, revision: 1, at: now.toISOString(), type: 'ONE_HOUR', amount: 1_000, usingMinutes: 60, paymentId: 'p' },
    validUntil: end.toISOString(),
  }),
].reduce<Ticket | null>((state, event) => ticket.evolve(state, event), null);

interface Course {
  readonly state: Ticket;
  readonly revisions: readonly number[];
  /** Rentals that were told that the ticket is theirs. */
  readonly told: readonly string[];
}
type Fact = (course: Course) => Course;

const fact =
  <Input>(decide: Decide<Ticket, Input, TicketChange>, input: Input, at: Date, rental?: string): Fact =>
  (course) => {
    try {
      const events = decide(course.state, input, { now: at, actor: service('kickboards') });
      const revisions = events.flatMap((event) => ('revision' in event.data ? [event.data.revision] : []));
      const state = events.reduce((before, event) => ticket.evolve(before, event), course.state);
      return { state, revisions: [...course.revisions, ...revisions], told: rental ? [...course.told, rental] : course.told };
    } catch (error) {
      expect(error).toBeInstanceOf(Refused);
      return course;
    }
  };

const of = { accountId, ticketId };
const facts = {
  redeemA: fact(decideRedeem, { ...of, rentalId: 'a', rentedAt: now }, now, 'a'),
  redeemAgainA: fact(decideRedeem, { ...of, rentalId: 'a', rentedAt: now }, now, 'a'),
  releaseA: fact(decideRelease, { ...of, rentalId: 'a' }, now),
  redeemB: fact(decideRedeem, { ...of, rentalId: 'b', rentedAt: now }, now, 'b'),
  releaseB: fact(decideRelease, { ...of, rentalId: 'b' }, now),
  PaymentCancelled: fact(decideFollowPayment, {}, now),
  aMonthPasses: fact(decideExpire, {}, end),
};
type Name = keyof typeof facts;

function* orders(names: readonly Name[]): Generator<readonly Name[]> {
  if (names.length === 0) return yield [];
  for (const [at, name] of names.entries()) for (const rest of orders(names.toSpliced(at, 1))) yield [name, ...rest];
}

const run = (order: readonly Name[]): Course =>
  order.reduce((course, name) => facts[name](course), { state: begin as Ticket, revisions: [1], told: [] } as Course);

const names = Object.keys(facts) as Name[];

it('in every order of the facts, a released rental does not have the ticket in the end, and revisions count up', () => {
  let count = 0;
  for (const order of orders(names)) {
    const { state, revisions } = run(order);
    if (!isPaid(state) || state.status === 'USED') expect.fail(`${state.status} after ${order.join(', ')}`);
    if (state.status === 'AVAILABLE') expect.fail(`AVAILABLE although its payment was cancelled, after ${order.join(', ')}`);
    expect(revisions, order.join(', ')).toEqual(revisions.map((_, at) => at + 1));
    expect(state.revision).toBe(revisions.length);
    expect(state.paymentCancelled).toBe(true);
    count++;
  }
  expect(count).toBe(5_040);
});

it('without releases, the first rental keeps it whatever comes afterwards, and nobody else is told that it is theirs', () => {
  for (const order of orders(['redeemA', 'redeemAgainA', 'redeemB', 'PaymentCancelled', 'aMonthPasses'])) {
    const { state, told } = run(order);
    expect(new Set(told).size, order.join(', ')).toBeLessThanOrEqual(1);
    if (told.length > 0) expect(state, order.join(', ')).toMatchObject({ status: 'USED', rentalId: told[0] });
    else expect(state.status, order.join(', ')).toMatch(/VOIDED/);
  }
});

it('comes to the same when every fact is told twice', () => {
  for (const order of orders(['redeemA', 'releaseA', 'redeemB', 'PaymentCancelled', 'aMonthPasses']))
    expect(run(order.flatMap((name) => [name, name])).state, order.join(', ')).toEqual(run(order).state);
});
