import { type Decide, Refused, user } from '@madang/kernel/domain';
import { expect, it } from 'vitest';
import { KickboardRegistered } from '../events.ts';
import { kickboard } from '../kickboard/kickboard.ts';
import { decideBegin, decideClaim, decideLetGo, decideReturn, decideSettle } from './decide.ts';
import { hasBegun, type Ride, type RideChange, ride } from './rental.ts';

const now = new Date('2026-11-20T06:00:00Z');
const kickboardId = '01900000-0000-7000-8000-0000000a0001';
const rentalId = '01936d5e-0000-7000-8000-000000000f11';
const place = { lat: 37.5, lng: 127 };
const actor = user('renter', 'CUSTOMER');
const board = KickboardRegistered({ kickboardId, serial: 'MD-0001', ...place, at: now.toISOString() });
const street: Ride = { kickboard: kickboard.evolve(null, board), rental: null, ticketRental: null };

interface Course {
  readonly ride: Ride;
  readonly published: readonly string[];
}
type Fact = (course: Course) => Course;

/** A claim that was let go has no row: who comes later finds nothing. */
const stored = ({ rental, ...rest }: Ride): Ride | null => (rental === null || rental.status === 'RELEASED' ? null : { ...rest, rental });

const fact =
  <Input>(decide: Decide<Ride, Input, RideChange>, input: Input): Fact =>
  (course) => {
    try {
      const events = decide(stored(course.ride), input, { now, actor });
      const after = events.reduce((before, event) => ride.evolve(before, event), course.ride);
      return { ride: after, published: [...course.published, ...events.flatMap(({ name, unpublished }) => (unpublished ? [] : [name]))] };
    } catch (error) {
      expect(error).toBeInstanceOf(Refused);
      return course;
    }
  };

const claim = { rentalId, kickboardId, ticketId: 'ticket', ticketOwner: null };
const [claimed] = decideClaim(street, claim, { now, actor });
const begin: Course = { ride: ride.evolve(street, claimed as RideChange), published: [] };

const facts = {
  answerRedeemed: fact(decideBegin, { kind: 'REDEEMED' as const, usingMinutes: 60 }),
  noAnswerButHeardOf: fact(decideBegin, { kind: 'USABLE' as const, usingMinutes: 60 }),
  answerRefused: fact(decideLetGo, {}),
  sweepGivesUp: fact(decideLetGo, {}),
  sweepRedeemed: fact(decideSettle, { refusal: null }),
  sweepRefused: fact(decideSettle, { refusal: 'TICKET_VOIDED' }),
  returned: fact(decideReturn, { rentalId, ...place }),
};
type Name = keyof typeof facts;

function* orders(names: readonly Name[]): Generator<readonly Name[]> {
  if (names.length === 0) return yield [];
  for (const [at, name] of names.entries()) for (const rest of orders(names.toSpliced(at, 1))) yield [name, ...rest];
}
const run = (order: readonly Name[]): Course => order.reduce((course, name) => facts[name](course), begin);

it('a claim either begins or is let go, once and for good, in every order of what can happen', () => {
  let count = 0;
  for (const order of orders(Object.keys(facts) as Name[])) {
    const story = order.join(', ');
    const { ride: after, published } = run(order);
    const first = order.find((name) => ['answerRedeemed', 'noAnswerButHeardOf', 'answerRefused', 'sweepGivesUp'].includes(name));
    const begins = first === 'answerRedeemed' || first === 'noAnswerButHeardOf';
    expect(hasBegun(after.rental), story).toBe(begins);
    if (!begins) expect([after.rental?.status, published], story).toEqual(['RELEASED', []]);
    else if (published.length === 1) expect([after.kickboard.rentalId, published], story).toEqual([rentalId, ['KickboardRented']]);
    else expect([after.kickboard.rentalId, published], story).toEqual([null, ['KickboardRented', 'KickboardReturned']]);
    count++;
  }
  expect(count).toBe(5_040);
});

it('what tickets said first of a ticket stays', () => {
  for (const order of orders(['noAnswerButHeardOf', 'sweepRedeemed', 'sweepRefused', 'returned'])) {
    const { rental } = run(order).ride;
    const said = order.slice(order.indexOf('noAnswerButHeardOf')).find((name) => name.startsWith('sweep'));
    const redemption = said === undefined ? 'PENDING' : said === 'sweepRedeemed' ? 'REDEEMED' : 'REFUSED';
    expect(rental, order.join(', ')).toMatchObject({ redemption });
  }
});

it('comes to the same when every fact is told twice', () => {
  for (const order of orders(['answerRedeemed', 'noAnswerButHeardOf', 'sweepGivesUp', 'sweepRefused', 'returned']))
    expect(run(order.flatMap((name) => [name, name])), order.join(', ')).toEqual(run(order));
});
