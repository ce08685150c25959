import { anonymous, user } from '@madang/kernel/domain';
import { eventually } from '@madang/kernel/testing';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PaymentAnswer, type PaymentsYard, paymentsYard } from './testing/yard.ts';

let yard: PaymentsYard;
beforeAll(async () => {
  yard = await paymentsYard();
});
afterAll(() => yard?.close());

const manager = user('01900000-0000-7000-8000-000000000002', 'CUSTOMER', 'MANAGER');
const stranger = user('01900000-0000-7000-8000-0000000000ff', 'CUSTOMER', 'TRAINER');
const ONE = 'query ($id: ID!) { payment(id: $id) { id status account { id } context reference requestedAt approvedAt cancelledAt } }';
const OF_ACCOUNT = `query ($id: ID!, $first: Int, $after: String, $status: PaymentStatus) { _entities(representations: [{ __typename: "Account", id: $id }]) {
  ... on Account { payments(first: $first, after: $after, status: $status) { edges { node { id status } } pageInfo { hasNextPage endCursor } } } } }`;
type Entities = { payments: { edges: { node: PaymentAnswer }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } }[];

async function list(actor: ReturnType<typeof user>, id: string, more: object = {}) {
  const { data } = await yard.call<Entities>(actor, OF_ACCOUNT, { id, ...more });
  const { edges = [], pageInfo } = data?.[0]?.payments ?? {};
  return { ids: edges.map(({ node }) => node.id), pageInfo };
}

describe('a payment', () => {
  it('is shown to its payer and to operations, and is not there for anybody else', async () => {
    const order = { accountId: await yard.payer(), reference: uuidv7() };
    const { data } = await yard.approve(order);
    const id = data?.id;
    const shown = await yard.call<object>(user(order.accountId), ONE, { id });
    expect(shown.data).toMatchObject({
      id,
      status: 'APPROVED',
      account: { id: order.accountId },
      context: 'applications',
      reference: order.reference,
    });
    expect((await yard.call(manager, ONE, { id })).data).toEqual(shown.data);
    expect(await yard.call(stranger, ONE, { id })).toMatchObject({ data: null, code: 'NOT_FOUND' });
    expect((await yard.call(anonymous, ONE, { id })).code).toBe('UNAUTHENTICATED');
    expect((await yard.call(manager, ONE, { id: uuidv7() })).code).toBe('NOT_FOUND');
    expect((await yard.call(manager, ONE, { id: 'nonsense' })).code).toBe('NOT_FOUND');
    const reference = 'query ($id: ID!) { _entities(representations: [{ __typename: "Payment", id: $id }]) { ... on Payment { amount } } }';
    expect((await yard.call(user(order.accountId), reference, { id })).data).toEqual([{ amount: 10_000 }]);
    expect((await yard.call(stranger, reference, { id })).data).toEqual([null]);
  });

  it('is listed newest first, page by page, by status; what is only asked for, and tombstones, are not', async () => {
    const accountId = await yard.payer();
    const ids: (string | undefined)[] = [];
    for (let turn = 0; turn < 3; turn++) ids.unshift((await yard.approve({ accountId, reference: uuidv7() })).data?.id);
    await yard.cancel({ accountId, reference: uuidv7() });
    await yard.sandbox('outage = true');
    await yard.approve({ accountId, reference: 'only-asked-for' });
    const { id } = (await yard.payment('only-asked-for')) ?? {};
    expect((await yard.call(user(accountId), ONE, { id })).code).toBe('NOT_FOUND');
    expect((await list(user(accountId), accountId)).ids).toEqual(ids);
    await yard.sandbox('outage = false');
    await yard.cancel({ accountId, reference: 'only-asked-for' });

    const page = await list(user(accountId), accountId, { first: 2, status: 'APPROVED' });
    expect(page).toMatchObject({ ids: ids.slice(0, 2), pageInfo: { hasNextPage: true } });
    expect((await list(manager, accountId, { first: 2, status: 'APPROVED', after: page.pageInfo?.endCursor })).ids).toEqual(ids.slice(2));
    expect((await list(user(accountId), accountId, { status: 'DECLINED' })).ids).toEqual([]);
    expect((await list(stranger, accountId)).ids).toEqual([]);
    expect((await yard.call(user(accountId), OF_ACCOUNT, { id: accountId, first: 0 })).extensions).toMatchObject({
      code: 'BAD_INPUT',
      field: 'first',
    });
  });
});

describe('paymentStatusChanged', () => {
  type Change = { status: string; cursor: string; payment: { id: string; status: string } };
  const watching = (args: string) => `subscription { paymentStatusChanged${args} { status occurredAt cursor payment { id status } } }`;

  it('tells each status of your payments, also what was missed', async () => {
    const order = { accountId: await yard.payer(), reference: uuidv7() };
    const mine = await yard.watch<Change>(user(order.accountId), watching(''));
    const theirs = await yard.watch<Change>(stranger, watching(''));
    await eventually(async () => {
      if (mine.seen.length === 0) await yard.approve({ ...order, reference: uuidv7() });
      return mine.seen.length > 0;
    });
    const { data } = await yard.approve(order);
    // Those of before may still be coming.
    const seen = () => mine.seen.filter(({ payment }) => payment?.id === data?.id);
    await eventually(() => seen().length === 1);
    const cursor = seen().at(-1)?.cursor;
    await yard.cancel(order);
    await eventually(() => seen().length === 3);
    expect(seen().map(({ status }) => status)).toEqual(['APPROVED', 'CANCELLING', 'CANCELLED']);
    expect(seen().at(-1)?.payment).toEqual({ id: data?.id, status: 'CANCELLED' });
    await mine.stop();

    const again = await yard.watch<Change>(user(order.accountId), watching(`(paymentId: "${data?.id}", after: "${cursor}")`));
    await eventually(() => again.seen.length === 2);
    expect(again.seen.map(({ status }) => status)).toEqual(['CANCELLING', 'CANCELLED']);
    await again.stop();
    expect(theirs.seen).toEqual([]);
    await theirs.stop();
  });

  it('refuses the anonymous, and payments of others', async () => {
    const { data } = await yard.approve({ accountId: await yard.payer(), reference: uuidv7() });
    expect(await (await yard.watch(stranger, watching(`(paymentId: "${data?.id}")`))).ended).toBe('NOT_FOUND');
    expect(await (await yard.watch(anonymous, watching(''))).ended).toBe('UNAUTHENTICATED');
  });
});

describe('a student cancels', () => {
  it('and gets the money back, though applications never calls', async () => {
    const order = { accountId: await yard.payer(), reference: uuidv7() };
    await yard.approve(order);
    await yard.cancellationRequested(order);
    await eventually(async () => (await yard.payment(order.reference))?.status === 'CANCELLED');
    expect(await yard.payment(order.reference)).toMatchObject({ refunded: 10_000 });
  });
});
