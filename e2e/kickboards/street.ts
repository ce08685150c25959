import { expect } from 'vitest';
import {
  CITY_HALL,
  giveBack,
  type Kickboard,
  purchase,
  REGISTER,
  REMOVE,
  refusalToRent,
  register,
  rent,
  watchKickboards,
  watchRides,
} from '../harness/kickboards.ts';
import { expectToPaginateAndFilter } from '../harness/pages.ts';
import { anonymous, demo, newCustomer, type Person } from '../harness/people.ts';
import { untilQuiet } from '../harness/quiet.ts';
import type { System } from '../harness/system.ts';
import { statusOf } from '../harness/textbooks.ts';

const code = (is: string) => ({ extensions: { code: is } });
const BUSAN = { lat: 35.1796, lng: 129.0756 };

/** Nobody but an ADMIN registers and removes; what is rented stays; whoever may force a return, does. */
export async function expectStreetIsKeptByAdmins(system: System, admin: Person): Promise<void> {
  const [customer, passerBy] = [await newCustomer(system), await newCustomer(system)];
  const board = await register(admin);
  expect(board).toMatchObject({ status: 'AVAILABLE', ...CITY_HALL });
  const input = { serial: board.serial, ...CITY_HALL };
  for (const who of [customer, await demo(system, 'manager'), await demo(system, 'trainer')]) {
    expect(await who.refusal(REGISTER, { input })).toMatchObject(code('FORBIDDEN'));
    expect(await who.refusal(REMOVE, board)).toMatchObject(code('FORBIDDEN'));
  }
  for (const [mutation, variables] of [
    [REGISTER, { input }],
    [REMOVE, board],
  ] as const)
    expect(await anonymous(system).refusal(mutation, variables)).toMatchObject(code('UNAUTHENTICATED'));
  expect(await admin.refusal(REGISTER, { input })).toMatchObject(code('SERIAL_TAKEN'));

  const [changes, returned] = [await watchKickboards(passerBy, { id: board.id }), await watchRides(customer, 'kickboardReturned')];
  const [ticket, spare] = [await purchase(customer), await purchase(customer)];
  const rental = await rent(customer, board.id, ticket.id);
  expect(await admin.refusal(REMOVE, board)).toMatchObject(code('KICKBOARD_RENTED'));
  expect(await refusalToRent(passerBy, board.id, (await purchase(passerBy)).id)).toMatchObject(code('KICKBOARD_RENTED'));
  expect(await giveBack(admin, rental.id)).toMatchObject({ status: 'RETURNED', forced: true });
  await returned.are(({ rental: { id, forced } }) => [id, forced], [[rental.id, true]]);
  for (const _ of ['once', 'again'])
    expect(await admin.data<{ removeKickboard: Kickboard }>(REMOVE, board)).toMatchObject({ removeKickboard: { status: 'REMOVED' } });
  await changes.are(statusOf, ['RENTED', 'AVAILABLE', 'REMOVED']);
  expect(await refusalToRent(customer, board.id, spare.id)).toMatchObject(code('NOT_FOUND'));
}

/** Every list of tickets, rentals and kickboards comes in pages and by status; kickboards around a place come nearest first. */
export async function expectListsToPaginateAndFilter(system: System, admin: Person): Promise<void> {
  const customer = await newCustomer(system);
  const boards: Kickboard[] = [];
  for (const north of [0.003, 0.001, 0.002]) boards.push(await register(admin, { lat: BUSAN.lat + north, lng: BUSAN.lng }));
  const [first, second, third] = boards as [Kickboard, Kickboard, Kickboard];
  for (const { id } of [first, third]) {
    const rental = await rent(customer, id, (await purchase(customer)).id);
    if (id === third.id) await giveBack(customer, rental.id, { lat: third.lat, lng: third.lng });
  }
  for (const _ of ['one', 'two']) await purchase(customer);
  await rent(customer, second.id, (await purchase(customer)).id);
  await untilQuiet(system);

  const [tickets, rentals] = [{ statuses: ['AVAILABLE', 'USED'] }, { statuses: ['RENTED', 'RETURNED'] }];
  for (const at of ['me tickets', 'me myPage tickets']) await expectToPaginateAndFilter(customer, { at, ...tickets });
  await expectToPaginateAndFilter(customer, { at: 'me rentals', ...rentals });
  for (const at of ['operationsTickets', 'operationsPage tickets']) await expectToPaginateAndFilter(admin, { at, ...tickets });
  await expectToPaginateAndFilter(admin, { at: 'operationsRentals', ...rentals });
  await expectToPaginateAndFilter(anonymous(system), { at: 'kickboards', statuses: ['AVAILABLE', 'RENTED'] });

  const NEAR = `query($first: Int, $after: String, $status: KickboardStatus) {
    kickboards(first: $first, after: $after, status: $status, near: { lat: ${BUSAN.lat}, lng: ${BUSAN.lng} }) { edges { node { id } } pageInfo { endCursor } }
  }`;
  const near = async (variables: object) => {
    const { kickboards } = await anonymous(system).data<{
      kickboards: { edges: { node: { id: string } }[]; pageInfo: { endCursor: string } };
    }>(NEAR, variables);
    return { ids: kickboards.edges.map(({ node }) => node.id), after: kickboards.pageInfo.endCursor };
  };
  const { ids, after } = await near({ first: 2 });
  expect([ids, (await near({ first: 2, after })).ids]).toEqual([[second.id, third.id], [first.id]]);
  expect((await near({ status: 'RENTED' })).ids).toEqual([second.id, first.id]);
}
