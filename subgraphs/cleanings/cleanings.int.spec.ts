import { anonymous, user } from '@madang/kernel/domain';
import { eventually } from '@madang/kernel/testing';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  admin,
  CLEANING,
  manager,
  type Reservation,
  type RunningCleanings,
  runningCleanings,
  type Shown,
} from './testing/running-cleanings.ts';

let running: RunningCleanings;
beforeAll(async () => {
  running = await runningCleanings();
});
afterAll(() => running?.close());

const stranger = user('01900000-0000-7000-8000-0000000000ff', 'CUSTOMER', 'TRAINER');
const owner = ({ accountId }: Reservation) => user(accountId, 'CUSTOMER');

/** A reservation and its cleaning. */
async function requested(reservation = running.reservation()) {
  await running.reserved(reservation);
  const { id } = (await eventually(async () => (await running.cleaning(reservation)) ?? false)) as Shown;
  const is = (status: string) => eventually(async () => (await running.cleaning(reservation))?.status === status);
  return { reservation, id, is };
}

describe('a reservation', () => {
  it('is to be cleaned, confirmed and done by a manager, once each', async () => {
    const { reservation, id } = await requested();
    await running.reserved(reservation, 3);
    expect((await running.complete(id)).refusal?.code).toBe('NOT_CONFIRMED');
    const [confirmed, again] = [await running.confirm(id), await running.confirm(id)];
    expect(confirmed.data).toMatchObject({
      status: 'CONFIRMED',
      title: '원룸 청소',
      cleaningAt: '2026-11-25T01:00:00.000Z',
      cleaningAtInSeoul: '2026-11-25T10:00:00+09:00',
      confirmedAt: expect.any(String),
      doneAt: null,
      account: { id: reservation.accountId },
      reservation: { id: reservation.reservationId },
    });
    expect(again.data).toEqual(confirmed.data);
    expect((await running.complete(id)).data).toMatchObject({ status: 'DONE', doneAt: expect.any(String) });
    expect((await running.complete(id)).data?.status).toBe('DONE');
    expect(await running.published(id)).toEqual(['CleaningRequested', 'CleaningConfirmed', 'CleaningCompleted']);
  });

  it('that is to be cancelled is not cleaned, unless it is done', async () => {
    const one = await requested();
    await running.confirm(one.id);
    await running.cancellationRequested(one.reservation, 2);
    await one.is('CANCELLED');
    for (const late of [running.confirm, running.complete]) expect((await late(one.id)).refusal?.code).toBe('CLEANING_CANCELLED');
    const other = await requested();
    await running.confirm(other.id);
    await running.complete(other.id);
    await running.cancellationRequested(other.reservation, 2);
    await eventually(async () => (await running.published(other.id)).includes('CleaningCancelRefused'));
    expect((await running.cleaning(other.reservation))?.status).toBe('DONE');
  });

  it('that was cancelled before it was requested never is', async () => {
    const reservation = running.reservation();
    await running.cancellationRequested(reservation);
    const { id } = (await eventually(async () => (await running.cleaning(reservation)) ?? false)) as Shown;
    await running.reserved(reservation);
    await eventually(async () => (await running.rows('SELECT 1 FROM kernel.inbox')).length >= 2);
    const { data } = await running.ask<Shown>(`query ($id: ID!) { cleaning(id: $id) ${CLEANING} }`, { id }, owner(reservation));
    expect(data).toMatchObject({ status: 'CANCELLED', title: null, cleaningAt: null, cleaningAtInSeoul: null, requestedAt: null });
    expect((await running.confirm(id)).refusal?.code).toBe('CLEANING_CANCELLED');
    expect(await running.published(id)).toEqual(['CleaningCancelled']);
  });
});

describe('who may do what', () => {
  it('is a manager’s', async () => {
    const { reservation, id } = await requested();
    for (const run of [running.confirm, running.complete]) {
      for (const actor of [owner(reservation), stranger, admin]) expect((await run(id, actor)).refusal?.code).toBe('FORBIDDEN');
      expect((await run(id, anonymous)).refusal?.code).toBe('UNAUTHENTICATED');
      expect((await run(uuidv7())).refusal?.code).toBe('NOT_FOUND');
      expect((await run('x')).refusal).toMatchObject({ code: 'BAD_INPUT', field: 'cleaningId' });
    }
    expect(await running.published(id)).toEqual(['CleaningRequested']);
  });

  it('is seen by its account and staff, by its reservation too', async () => {
    const { reservation, id } = await requested();
    const one = (actor: Parameters<typeof running.ask>[2], wanted = id) =>
      running.ask<Shown>(`query ($id: ID!) { cleaning(id: $id) ${CLEANING} }`, { id: wanted }, actor);
    for (const actor of [owner(reservation), manager, admin]) expect((await one(actor)).data?.id).toBe(id);
    for (const wanted of [id, uuidv7(), 'x']) expect((await one(stranger, wanted)).refusal?.code).toBe('NOT_FOUND');
    expect((await one(anonymous)).refusal?.code).toBe('UNAUTHENTICATED');
    const entities = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Cleaning { id } ... on CleaningReservation { cleaning { id } } } }`;
    const of = [
      { __typename: 'Cleaning', id },
      { __typename: 'CleaningReservation', id: reservation.reservationId },
      { __typename: 'CleaningReservation', id: uuidv7() },
    ];
    expect((await running.ask(entities, { of }, owner(reservation))).data).toEqual([{ id }, { cleaning: { id } }, { cleaning: null }]);
    expect((await running.ask(entities, { of }, stranger)).data).toEqual([null, { cleaning: null }, { cleaning: null }]);
  });

  it('is listed for operations, newest first, in pages, by status', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 3; count++) ids.unshift((await requested()).id);
    await running.confirm(ids[1] ?? '');
    type Page = { edges: { node: Shown }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
    const list = (args: object, actor = manager) =>
      running.ask<Page>(
        `query ($first: Int, $after: String, $status: CleaningStatus) { operationsCleanings(first: $first, after: $after, status: $status) {
          edges { node { id } } pageInfo { hasNextPage endCursor } } }`,
        args,
        actor,
      );
    const idsOf = async (args: object) => (await list(args)).data?.edges.map(({ node }) => node.id);
    const { data } = await list({ first: 2 }, admin);
    expect(data?.edges.map(({ node }) => node.id)).toEqual(ids.slice(0, 2));
    expect(data?.pageInfo.hasNextPage).toBe(true);
    expect(await idsOf({ first: 1, after: data?.pageInfo.endCursor })).toEqual(ids.slice(2));
    expect((await idsOf({ first: 1, status: 'CONFIRMED' }))?.[0]).toBe(ids[1]);
    expect((await list({}, stranger)).refusal?.code).toBe('FORBIDDEN');
    expect((await list({ first: 0 })).refusal?.code).toBe('BAD_INPUT');
  });
});
