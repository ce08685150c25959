import { anonymous } from '@madang/kernel/domain';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { demoPlans } from './seeds.ts';
import { admin, manager, type RunningReservations, runningReservations } from './testing/running-reservations.ts';

let running: RunningReservations;
beforeAll(async () => {
  running = await runningReservations();
});
afterAll(() => running?.close());

const PLANS =
  'query ($first: Int, $after: String) { cleaningPlans(first: $first, after: $after) { edges { node { id name price } } pageInfo { endCursor } } }';
const register = (input: object, actor = admin) =>
  running.ask<{ id: string; price: number }>(
    'mutation ($input: RegisterCleaningPlanInput!) { registerCleaningPlan(input: $input) { id name price } }',
    { input: { name: '계단 청소', description: '한 층', minutes: 30, price: 20_000, ...input } },
    actor,
  );

it('plans are there for everybody, in pages', async () => {
  type Page = { edges: { node: { id: string } }[]; pageInfo: { endCursor: string } };
  const page = async (args: object) => (await running.ask<Page>(PLANS, args, anonymous)).data;
  const newest = demoPlans.map(({ id }) => id).reverse();
  const first = await page({ first: 2 });
  expect(first?.edges.map(({ node }) => node.id)).toEqual(newest.slice(0, 2));
  const rest = await page({ after: first?.pageInfo.endCursor });
  expect(rest?.edges.map(({ node }) => node.id)).toEqual(newest.slice(2));
  const one = (id: string) => running.ask('query ($id: ID!) { cleaningPlan(id: $id) { id } }', { id }, anonymous);
  expect((await one(newest[0] ?? '')).data).toEqual({ id: newest[0] });
  expect((await one('x')).refusal?.code).toBe('NOT_FOUND');
});

it('an admin registers one and changes it; what is reserved keeps its price', async () => {
  const { data } = await register({});
  const customer = running.customer();
  const { data: reservation } = await running.reserve(customer, { planId: data?.id });
  expect((await register({ price: 25_000 })).data).toMatchObject({ id: data?.id, price: 25_000 });
  expect((await running.reservation(reservation?.id ?? '', customer)).data).toMatchObject({ amount: 20_000, plan: { price: 25_000 } });
  expect((await register({}, manager)).refusal?.code).toBe('FORBIDDEN');
  expect((await register({ price: 0 })).refusal).toMatchObject({ code: 'BAD_INPUT', field: 'price' });
});
