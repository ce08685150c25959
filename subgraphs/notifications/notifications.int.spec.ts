import * as applications from '@madang/applications/events';
import { anonymous, service, user } from '@madang/kernel/domain';
import { eventually } from '@madang/kernel/testing';
import * as methods from '@madang/payment-methods/events';
import * as payments from '@madang/payments/events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policies } from './policies/index.ts';
import { MESSAGE, MESSAGES, READ, type RunningNotifications, runningNotifications, SEND } from './testing/running-notifications.ts';

let running: RunningNotifications;
beforeAll(async () => {
  running = await runningNotifications();
});
afterAll(() => running.close());

let accounts = 0;
/** A customer whom nobody has told anything yet. */
const customer = () => user(`01900000-0000-7000-8000-${(++accounts).toString(16).padStart(12, '0')}`, 'CUSTOMER');
const manager = user('01900000-0000-7000-8000-0000000000fe', 'CUSTOMER', 'MANAGER');

const RECEIVED = (after?: string) =>
  `subscription { messageReceived${after ? `(after: "${after}")` : ''} { status occurredAt cursor message ${MESSAGE} } }`;

const connection = (...of: Parameters<RunningNotifications['connection']>) => running.connection(...of);
const messagesOf = (...of: Parameters<RunningNotifications['messagesOf']>) => running.messagesOf(...of);

describe('what happened elsewhere', () => {
  it.each(policies.map(({ name, when }) => [name, when] as const))('%s: one message', async (_, when) => {
    const of = customer();
    const others = 'reference' in (when.examples[0] as object) ? { context: 'reservations' } : {};
    const id = await running.publish(when, of, others);
    await eventually(async () =>
      expect(await messagesOf(of)).toMatchObject([{ id, status: 'SENT', channel: 'IN_APP', account: { id: of.accountId } }]),
    );
  });

  it('is told once, however often and by however many it is delivered', async () => {
    await running.replica();
    const of = customer();
    const ids = await Promise.all(Array.from({ length: 20 }, () => running.publish(payments.PaymentApproved, of, {}, 5)));
    await eventually(async () => expect(await messagesOf(of, { first: 100 })).toHaveLength(20));
    const last = await running.publish(methods.PaymentMethodRemoved, of);
    await eventually(async () => expect((await messagesOf(of))[0].id).toBe(last));
    const published = (await running.published()).filter(({ name, data }) => name === 'MessageSent' && ids.includes(data.messageId));
    expect(new Set(published.map(({ data }) => data.messageId)).size).toBe(20);
    expect(published).toHaveLength(20);
  });

  it('says what a customer expects of a declined and of a refused application', async () => {
    const of = customer();
    await running.publish(payments.PaymentDeclined, of);
    await running.publish(applications.TextbookApplicationRejected, of, { kept: false });
    await running.publish(applications.TextbookApplicationRejected, of);
    await running.publish(applications.TextbookApplicationRejected, of, { status: 'EXPIRED' });
    const templates = async () => (await messagesOf(of)).map(({ template }: { template: string }) => template);
    await eventually(async () => expect(await templates()).toEqual(['TEXTBOOK_APPLICATION_EXPIRED', 'TEXTBOOK_APPLICATION_REJECTED']));
  });

  it('goes to the dead letters when it is malformed, and keeps nothing else from being told', async () => {
    const of = customer();
    await running.publish(payments.PaymentApproved, of, { amount: -1 });
    await running.publish(payments.PaymentApproved, of);
    await eventually(async () => expect(await messagesOf(of)).toHaveLength(1));
    await eventually(async () =>
      expect(await running.deadLetters()).toMatchObject([{ handler: '*', reason: expect.stringContaining('amount') }]),
    );
  });
});

describe('the messages of an account', () => {
  it('come newest first, in pages, and only the unread ones when asked', async () => {
    const of = customer();
    const ids: string[] = [];
    for (let count = 0; count < 5; count++) ids.unshift(await running.publish(payments.PaymentApproved, of));
    await eventually(async () => expect(await messagesOf(of)).toHaveLength(5));
    const first = await connection(of, { first: 3 });
    expect(first.edges.map(({ node }: { node: { id: string } }) => node.id)).toEqual(ids.slice(0, 3));
    expect(first.pageInfo.hasNextPage).toBe(true);
    expect((await messagesOf(of, { first: 3, after: first.pageInfo.endCursor })).map(({ id }: { id: string }) => id)).toEqual(ids.slice(3));
    await running.ask(READ, { input: { messageId: ids[1] } }, of);
    expect((await messagesOf(of, { unread: true })).map(({ id }: { id: string }) => id)).toEqual(ids.filter((id) => id !== ids[1]));
    expect((await running.ask(MESSAGES, { id: of.accountId, first: 101 }, of)).refusal).toMatchObject({
      code: 'BAD_INPUT',
      field: 'first',
    });
    expect((await running.ask(MESSAGES, { id: of.accountId, after: 'x' }, of)).refusal).toMatchObject({
      code: 'BAD_INPUT',
      field: 'after',
    });
  });

  it('are there for the account and for staff, for nobody else', async () => {
    const of = customer();
    const id = await running.publish(payments.PaymentApproved, of);
    await eventually(async () => expect(await messagesOf(of)).toHaveLength(1));
    expect(await messagesOf(of, {}, manager)).toHaveLength(1);
    expect(await messagesOf(of, {}, customer())).toEqual([]);
    const ENTITY = `query ($id: ID!) { _entities(representations: [{ __typename: "Message", id: $id }]) { ... on Message { id title } } }`;
    expect((await running.ask(ENTITY, { id }, of)).data._entities).toMatchObject([{ id, title: '결제가 완료되었습니다' }]);
    for (const actor of [customer(), anonymous]) expect((await running.ask(ENTITY, { id }, actor)).data._entities).toEqual([null]);
    expect((await running.ask(ENTITY, { id: 'x' }, of)).data._entities).toEqual([null]);
  });
});

describe('marking a message as read', () => {
  it('is for its reader, and happens once', async () => {
    const of = customer();
    const messageId = await running.publish(payments.PaymentApproved, of);
    await eventually(async () => expect(await messagesOf(of)).toHaveLength(1));
    const read = () => running.ask(READ, { input: { messageId } }, of);
    const [one, two] = await Promise.all([read(), read()]);
    expect(one.data.markMessageRead).toMatchObject({ id: messageId, status: 'READ', readAt: expect.any(String) });
    expect((await read()).data).toEqual(one.data);
    expect(two.data).toEqual(one.data);
    expect((await running.published()).filter(({ name, data }) => name === 'MessageRead' && data.messageId === messageId)).toHaveLength(1);
  });

  it.each([
    ['NOT_FOUND', customer()],
    ['NOT_FOUND', manager],
    ['UNAUTHENTICATED', anonymous],
  ])('is %s for others', async (code, actor) => {
    const of = customer();
    const messageId = await running.publish(payments.PaymentApproved, of);
    await eventually(async () => expect(await messagesOf(of, { unread: true })).toHaveLength(1));
    expect((await running.ask(READ, { input: { messageId } }, actor)).refusal?.code).toBe(code);
    expect(await messagesOf(of, { unread: true })).toHaveLength(1);
  });

  it('is refused for what is no message', async () => {
    expect((await running.ask(READ, { input: { messageId: 'x' } }, customer())).refusal).toMatchObject({
      code: 'BAD_INPUT',
      field: 'messageId',
    });
    expect((await running.ask(READ, { input: { messageId: manager.accountId } }, customer())).refusal?.code).toBe('NOT_FOUND');
  });
});

describe('sending a message for another context', () => {
  const input = (of: { accountId: string }, more: object = {}) => ({
    accountId: of.accountId,
    template: 'PAYMENT_CANCELLED',
    values: [{ name: 'refunded', value: '36000' }],
    about: { type: 'PAYMENT', id: '01936d5e-0000-7000-8000-0000000000c1' },
    idempotencyKey: 'once',
    ...more,
  });

  it('sends it once for every key', async () => {
    const of = customer();
    const send = (more: object = {}) => running.ask(SEND, { input: input(of, more) }, service('gifts'));
    const [one, two] = await Promise.all([send(), send()]);
    expect(one.data.sendMessage).toMatchObject({
      template: 'PAYMENT_CANCELLED',
      body: '36,000원이 결제하신 수단으로 환불되었습니다.',
      status: 'SENT',
    });
    expect(two.data).toEqual(one.data);
    expect((await send()).data).toEqual(one.data);
    expect((await send({ values: [{ name: 'refunded', value: '1' }] })).refusal?.code).toBe('IDEMPOTENCY_CONFLICT');
    expect(await messagesOf(of)).toHaveLength(1);
  });

  it('is no user’s to ask, whatever their role', async () => {
    const of = customer();
    for (const actor of [of, user(of.accountId, 'ADMIN'), anonymous])
      expect((await running.ask(SEND, { input: input(of) }, actor)).refusal?.code).toBe('FORBIDDEN');
    expect(await messagesOf(of)).toEqual([]);
  });

  it.each([
    ['values.refunded', { values: [] }],
    ['values.refunded', { values: [{ name: 'refunded', value: 'much' }] }],
    ['accountId', { accountId: 'not. an. id' }],
    ['about.id', { about: { type: 'PAYMENT', id: '' } }],
    ['idempotencyKey', { idempotencyKey: '' }],
  ])('is refused for its %s: %j', async (field, wrong) => {
    const before = await running.count();
    expect((await running.ask(SEND, { input: input(customer(), wrong) }, service('gifts'))).refusal).toMatchObject({
      code: 'BAD_INPUT',
      field,
    });
    expect(await running.count()).toBe(before);
  });
});

describe('messageReceived', () => {
  type Received = { cursor: string; message: { id: string; account: { id: string } } };

  it('pushes an account’s own messages, and first what was missed', async () => {
    const of = customer();
    const live = await running.watch<Received>(RECEIVED(), of);
    // Nobody tells a client when it is watched: something is said until it hears.
    await eventually(async () => {
      if (live.seen.length === 0) await running.publish(payments.PaymentApproved, of);
      return live.seen.length > 0;
    });
    const [first] = live.seen;
    expect(first).toMatchObject({
      status: 'SENT',
      occurredAt: expect.any(String),
      message: { account: { id: of.accountId }, status: 'SENT' },
    });
    await live.stop();

    await running.publish(payments.PaymentApproved, customer());
    const missed = await running.publish(payments.PaymentCancelled, of);
    await eventually(async () => expect((await messagesOf(of))[0].id).toBe(missed));
    const again = await running.watch<Received>(RECEIVED(first?.cursor), of);
    await eventually(() => again.seen.some(({ message }) => message.id === missed));
    for (const { message } of again.seen) expect(message.account.id).toBe(of.accountId);
    await again.stop();
  });

  it('is for those who have signed in', async () => {
    expect(await (await running.watch(RECEIVED(), anonymous)).ended).toBe('UNAUTHENTICATED');
  });
});
