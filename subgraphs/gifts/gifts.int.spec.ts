import { anonymous, user } from '@madang/kernel/domain';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { admin, GIFT, manager, type RunningGifts, runningGifts, type Shown } from './testing/running-gifts.ts';

let running: RunningGifts;
beforeAll(async () => {
  running = await runningGifts({ replicas: 2 });
});
afterAll(() => running?.close());

const registered = async (input: object = {}) => (await running.register(input)).data ?? expect.fail('it was not registered');

describe('registering a gift item', () => {
  it('is there for everybody, and told to others', async () => {
    const item = await registered({ stock: 3 });
    expect(await running.item(item.id)).toEqual({ ...item, title: '아메리카노 쿠폰', description: '한 잔', points: 300, remaining: 3 });
    expect(await running.published(item.id)).toMatchObject([
      { name: 'GiftItemRegistered', data: { title: '아메리카노 쿠폰', points: 300 } },
    ]);
    expect((await registered()).remaining).toBeNull();
    const { data } = await running.ask<{ edges: { node: { id: string } }[] }>('{ giftItems(first: 2) { edges { node { id } } } }');
    expect(data?.edges).toHaveLength(2);
  });

  it('is for ADMIN, once for a key, and never with bad input', async () => {
    expect((await running.register({}, anonymous)).refusal?.code).toBe('UNAUTHENTICATED');
    expect((await running.register({}, manager)).refusal?.code).toBe('FORBIDDEN');
    expect((await running.register({ stock: 0 })).refusal).toMatchObject({ code: 'BAD_INPUT', field: 'stock' });
    const once = { idempotencyKey: uuidv7(), title: '한 번' };
    const all = await Promise.all([1, 2, 3].map(() => running.register(once)));
    expect(new Set(all.map(({ data }) => data?.id)).size).toBe(1);
    expect((await running.register({ ...once, points: 1 })).refusal?.code).toBe('IDEMPOTENCY_CONFLICT');
    const { data } = await running.ask('query ($id: ID!) { giftItem(id: $id) { id } }', { id: 'x' });
    expect(data).toBeNull();
  });
});

describe('a gift', () => {
  it('is issued, activated and used, and told at each step', async () => {
    const item = await registered({ stock: 1 });
    const exchange = running.exchange();
    const owner = running.owner(exchange);
    const wish = { giftItemId: item.id, points: 300 };
    const { data: issued } = await running.issue(exchange, wish);
    expect(issued).toMatchObject({
      status: 'ISSUED',
      points: 300,
      item: { id: item.id, remaining: 0 },
      exchange: { id: exchange.exchangeId },
    });
    const id = issued?.id ?? '';
    expect((await running.issue(exchange, wish)).data).toEqual(issued);
    expect((await running.gift(id, owner)).refusal?.code).toBe('NOT_FOUND');
    expect((await running.use(id, owner)).refusal?.code).toBe('NOT_ACTIVE');
    expect((await running.activate(exchange)).data?.status).toBe('ACTIVE');
    expect((await running.activate(exchange)).data?.status).toBe('ACTIVE');
    expect((await running.revoke(exchange)).refusal?.code).toBe('ALREADY_ACTIVE');
    expect((await running.use(id, owner)).data).toMatchObject({ status: 'USED', usedAt: expect.any(String) });
    expect((await running.use(id, owner)).data?.status).toBe('USED');
    expect(await running.told(id)).toEqual(['GiftIssued', 'GiftActivated', 'GiftUsed']);
    expect((await running.item(item.id))?.remaining).toBe(0);
  });

  it('that is voided never was, and a limited one goes back to the stock', async () => {
    const item = await registered({ stock: 1 });
    const [exchange, another] = [running.exchange(), running.exchange()];
    const wish = { giftItemId: item.id, points: 300 };
    await running.issue(exchange, wish);
    expect((await running.issue(another, wish)).refusal?.code).toBe('SOLD_OUT');
    expect(await running.giftsOf(another)).toEqual([]);
    const { data } = await running.revoke(exchange);
    expect(data).toMatchObject({ status: 'VOIDED', item: { remaining: 1 } });
    expect((await running.revoke(exchange)).data?.item?.remaining).toBe(1);
    expect((await running.issue(exchange, wish)).refusal?.code).toBe('EXCHANGE_VOIDED');
    expect((await running.activate(exchange)).refusal?.code).toBe('EXCHANGE_VOIDED');
    expect((await running.issue(another, wish)).data?.status).toBe('ISSUED');
    expect(await running.published(data?.id)).toMatchObject([{ name: 'GiftIssued' }, { name: 'GiftVoided', data: { issued: true } }]);
  });

  it('that was voided before it was issued never will be', async () => {
    const item = await registered({ stock: 1 });
    const exchange = running.exchange();
    const { data } = await running.revoke(exchange);
    expect(data).toMatchObject({ status: 'VOIDED', title: null, points: null, item: null, issuedAt: null });
    expect((await running.issue(exchange, { giftItemId: item.id, points: 300 })).refusal?.code).toBe('EXCHANGE_VOIDED');
    expect((await running.item(item.id))?.remaining).toBe(1);
    expect(await running.published(data?.id)).toMatchObject([{ name: 'GiftVoided', data: { issued: false } }]);
  });

  it('is refused for what is not there, another price, and by others than contexts', async () => {
    const item = await registered();
    const exchange = running.exchange();
    expect((await running.issue(exchange, { giftItemId: uuidv7(), points: 300 })).refusal?.code).toBe('NOT_FOUND');
    const { refusal } = await running.issue(exchange, { giftItemId: item.id, points: 200 });
    expect(refusal).toMatchObject({ code: 'PRICE_CHANGED', points: 300 });
    expect((await running.issue(exchange, { giftItemId: item.id, points: 300 }, admin)).refusal?.code).toBe('FORBIDDEN');
    expect((await running.activate(exchange)).refusal?.code).toBe('NOT_FOUND');
    expect((await running.activate(exchange, {}, admin)).refusal?.code).toBe('FORBIDDEN');
    expect((await running.revoke(exchange, {}, admin)).refusal?.code).toBe('FORBIDDEN');
    expect(await running.giftsOf(exchange)).toEqual([]);
  });
});

describe('seeing gifts', () => {
  const listed = async (accountId: string, actor = user(accountId, 'CUSTOMER'), status?: string) => {
    const query = `query ($id: ID!, $status: GiftStatus) {
      _entities(representations: [{ __typename: "Account", id: $id }]) { ... on Account { gifts(status: $status) { edges { node ${GIFT} } } } } }`;
    const { data } = await running.ask<{ gifts: { edges: { node: Shown }[] } }[]>(query, { id: accountId, status }, actor);
    return data?.[0]?.gifts.edges.map(({ node }) => node.status);
  };
  const ofExchange = async (exchangeId: string, actor = admin) => {
    const query = `query ($id: ID!) {
      _entities(representations: [{ __typename: "GiftExchange", id: $id }]) { ... on GiftExchange { id gift { id status } } } }`;
    return (await running.ask<{ gift: Shown | null }[]>(query, { id: exchangeId }, actor)).data?.[0]?.gift ?? null;
  };

  it('is for the owner once they can be used, for staff always, and for nobody else', async () => {
    const item = await registered();
    const { accountId } = running.exchange();
    const [first, second, third] = [running.exchange(accountId), running.exchange(accountId), running.exchange(accountId)];
    for (const exchange of [first, second, third]) await running.issue(exchange, { giftItemId: item.id, points: 300 });
    await running.activate(first);
    await running.revoke(second);
    expect(await listed(accountId)).toEqual(['ACTIVE']);
    expect(await listed(accountId, undefined, 'VOIDED')).toEqual([]);
    expect(await listed(accountId, undefined, 'USED')).toEqual([]);
    expect(await listed(accountId, manager)).toEqual(['ACTIVE']);
    expect(await listed(accountId, user(uuidv7(), 'CUSTOMER', 'TRAINER'))).toEqual([]);

    const owner = running.owner(first);
    expect((await ofExchange(first.exchangeId, owner))?.status).toBe('ACTIVE');
    expect(await ofExchange(third.exchangeId, owner)).toBeNull();
    expect((await ofExchange(third.exchangeId))?.status).toBe('ISSUED');
    expect(await ofExchange(first.exchangeId, user(uuidv7(), 'CUSTOMER'))).toBeNull();
    expect(await ofExchange(uuidv7())).toBeNull();

    const id = (await running.giftsOf(first))[0]?.id ?? '';
    expect((await running.gift(id, owner)).data?.account.id).toBe(accountId);
    expect((await running.gift(id, manager)).data?.status).toBe('ACTIVE');
    expect((await running.gift(id, user(uuidv7(), 'CUSTOMER'))).refusal?.code).toBe('NOT_FOUND');
    expect((await running.gift('x', owner)).refusal?.code).toBe('NOT_FOUND');
    expect((await running.gift(id, anonymous)).refusal?.code).toBe('UNAUTHENTICATED');
    expect((await running.use(id, manager)).refusal?.code).toBe('NOT_FOUND');
  });

  it('in every status is for MANAGER and ADMIN', async () => {
    const query = '{ operationsGifts(first: 100, status: VOIDED) { edges { node { status account { id } } } } }';
    expect((await running.ask(query, {}, user('a', 'CUSTOMER'))).refusal?.code).toBe('FORBIDDEN');
    expect((await running.ask(query)).refusal?.code).toBe('UNAUTHENTICATED');
    const exchange = running.exchange();
    await running.revoke(exchange);
    const { data } = await running.ask<{ edges: { node: Shown }[] }>(query, {}, admin);
    expect(data?.edges.map(({ node }) => node.account.id)).toContain(exchange.accountId);
    expect(new Set(data?.edges.map(({ node }) => node.status))).toEqual(new Set(['VOIDED']));
  });
});
