import { anonymous } from '@madang/kernel/domain';
import { eventually } from '@madang/kernel/testing';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoKickboards } from './seeds.ts';
import {
  admin,
  BOARD,
  type Board,
  CITY_HALL,
  manager,
  RENTAL,
  type RunningKickboards,
  runningKickboards,
  type Shown,
} from './testing/running-kickboards.ts';

let running: RunningKickboards;
beforeAll(async () => {
  running = await runningKickboards({ env: { SEED: 'demo' } });
}, 60_000);
afterAll(() => running?.close());

const LIST = `query ($first: Int, $after: String, $status: KickboardStatus, $near: NearInput) {
  kickboards(first: $first, after: $after, status: $status, near: $near) { edges { node ${BOARD} } pageInfo { hasNextPage endCursor } } }`;
type Connection<T> = { edges: { node: T }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };

async function rented(customer = running.customer()) {
  const [board, ticket] = await Promise.all([running.board(), running.ticket(customer)]);
  const { data } = await running.rent(customer, board.id, ticket);
  if (!data) throw new Error('not rented');
  return { customer, board, rental: data };
}

describe('the street', () => {
  it('has the demo’s kickboards, nearest first, in pages', async () => {
    const list = async (args: object) => (await running.ask<Connection<Board>>(LIST, args, anonymous)).data;
    const serials = (connection: Connection<Board> | null) => connection?.edges.map(({ node }) => node.serial);
    const near = { ...CITY_HALL, withinMeters: 1_500 };
    const all = await list({ near });
    expect(serials(all)).toEqual(['MD-0001', 'MD-0002', 'MD-0005', 'MD-0007', 'MD-0003']);
    const first = await list({ near, first: 3 });
    expect(serials(first)).toEqual(['MD-0001', 'MD-0002', 'MD-0005']);
    expect(first?.pageInfo.hasNextPage).toBe(true);
    expect(serials(await list({ near, first: 3, after: first?.pageInfo.endCursor }))).toEqual(['MD-0007', 'MD-0003']);
    expect(serials(await list({ near, status: 'RENTED' }))).toEqual([]);
    expect(serials(await list({ first: 100 }))).toHaveLength(demoKickboards.length);
    const refusal = (await running.ask(LIST, { near: { lat: 100, lng: 0 } }, anonymous)).refusal;
    expect(refusal).toMatchObject({ code: 'BAD_INPUT', field: 'near.lat' });
  });

  it('is kept by ADMIN: registered once, removed when nobody rides it', async () => {
    const board = await running.board({ lat: 35.1, lng: 129 });
    const register = (serial: string, actor: Parameters<typeof running.rent>[0]) =>
      running.ask(
        `mutation ($input: RegisterKickboardInput!) { registerKickboard(input: $input) ${BOARD} }`,
        { input: { serial, ...CITY_HALL } },
        actor,
      );
    expect((await register(board.serial, admin)).refusal).toMatchObject({ code: 'SERIAL_TAKEN', field: 'serial' });
    expect((await register('한', admin)).refusal).toMatchObject({ code: 'BAD_INPUT', field: 'serial' });
    for (const actor of [running.customer(), manager]) {
      expect((await register('X-1', actor)).refusal?.code).toBe('FORBIDDEN');
      expect((await running.remove(actor, board.id)).refusal?.code).toBe('FORBIDDEN');
    }
    expect((await running.remove(admin, uuidv7())).refusal?.code).toBe('NOT_FOUND');
    const { rental, board: ridden, customer } = await rented();
    expect((await running.remove(admin, ridden.id)).refusal?.code).toBe('KICKBOARD_RENTED');
    await running.giveBack(customer, rental.id);
    expect((await running.remove(admin, ridden.id)).data?.status).toBe('REMOVED');
    expect((await running.remove(admin, ridden.id)).data?.status).toBe('REMOVED');
    expect((await running.rent(customer, ridden.id, await running.ticket(customer))).refusal?.code).toBe('NOT_FOUND');
    expect(await running.published(ridden.id)).toEqual(['KickboardRegistered', 'KickboardRented', 'KickboardReturned', 'KickboardRemoved']);
  });
});

describe('who sees what', () => {
  const OF_ACCOUNT = `query ($id: ID!, $status: RentalStatus, $first: Int) { _entities(representations: [{ __typename: "Account", id: $id }]) {
    ... on Account { rentals(status: $status, first: $first) { edges { node ${RENTAL} } } } } }`;

  it('is their own rentals, and all for staff', async () => {
    const { customer, rental } = await rented();
    const { rental: second } = await rented(customer);
    await running.giveBack(customer, rental.id);
    const list = async (args: object, actor = customer) =>
      (
        await running.ask<{ rentals: Connection<Shown> }[]>(OF_ACCOUNT, { id: customer.accountId, ...args }, actor)
      ).data?.[0]?.rentals.edges.map(({ node }) => node.id);
    expect(await list({})).toEqual([second.id, rental.id]);
    expect(await list({ status: 'RETURNED' })).toEqual([rental.id]);
    expect(await list({ first: 1 }, manager)).toEqual([second.id]);
    expect(await list({}, running.customer())).toEqual([]);
    expect(await running.rental(rental.id, running.customer())).toBeNull();
    expect((await running.ask('{ operationsRentals { edges { node { id } } } }', {}, customer)).refusal?.code).toBe('FORBIDDEN');
  });
});

describe('watching', () => {
  type Ride = { status: string; cursor: string; rental: Shown; kickboard: Board };
  type Change = { status: string; lat: number; cursor: string; kickboard: Board };
  const RENTED = (args = '') => `subscription { kickboardRented${args} { status occurredAt cursor rental ${RENTAL} kickboard ${BOARD} } }`;
  const RETURNED = RENTED().replace('kickboardRented', 'kickboardReturned');
  const BOARDS = (args = '') => `subscription { kickboardStatusChanged${args} { status lat lng occurredAt cursor kickboard ${BOARD} } }`;

  it('tells rentals and returns to the renter and staff, and of kickboards to anybody', async () => {
    const { customer, board, rental } = await rented();
    const [own, staff, boards, returned] = [
      await running.watch<Ride>(RENTED(), customer),
      await running.watch<Ride>(RENTED(), manager),
      await running.watch<Change>(BOARDS(`(kickboardId: "${board.id}")`), running.customer()),
      await running.watch<Ride>(RETURNED, customer),
    ];
    await eventually(async () => {
      await rented();
      return staff.seen.length > 0;
    });
    const second = await rented(customer);
    // What happened just before a subscription may be told to it, too.
    const ofSecond = () => own.seen.filter((ride) => ride.rental.id === second.rental.id);
    await eventually(() => ofSecond().length > 0);
    expect(ofSecond()).toMatchObject([{ status: 'RENTED', rental: { account: { id: customer.accountId } } }]);
    await running.giveBack(customer, rental.id);
    const free = () => boards.seen.filter(({ status }) => status === 'AVAILABLE');
    await eventually(() => free().length === 1 && returned.seen.length === 1);
    expect(free()).toMatchObject([{ status: 'AVAILABLE', lat: 37.57, kickboard: { id: board.id, status: 'AVAILABLE' } }]);
    expect(JSON.stringify(boards.seen)).not.toContain(customer.accountId);
    expect(returned.seen).toMatchObject([{ status: 'RETURNED', rental: { id: rental.id }, kickboard: { id: board.id } }]);
    const after = staff.seen[0]?.cursor;
    const again = await running.watch<Ride>(RENTED(`(after: "${after}")`), customer);
    await eventually(() => again.seen.length === 1);
    expect(again.seen[0]?.rental.id).toBe(second.rental.id);
    for (const one of [own, staff, boards, returned, again]) await one.stop();
    expect(await (await running.watch(BOARDS(`(kickboardId: "${uuidv7()}")`), customer)).ended).toBe('NOT_FOUND');
    expect(await (await running.watch(BOARDS(), anonymous)).ended).toBe('UNAUTHENTICATED');
  });
});
