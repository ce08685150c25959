import { user } from '@madang/kernel/domain';
import { eventually } from '@madang/kernel/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type PaymentMethodsYard, paymentMethodsYard } from './testing/yard.ts';

let yard: PaymentMethodsYard;
beforeAll(async () => {
  yard = await paymentMethodsYard();
});
afterAll(() => yard?.close());
afterEach(async () => {
  yard.wire.is.now = 'SOUND';
  await yard.sandbox('outage = false, "answersLost" = false');
});

const nothingOpen = () => eventually(async () => (await yard.intents()).length === 0);

describe('registering', () => {
  it('makes a method chargeable, the first one by default', async () => {
    const who = yard.customer();
    expect(await yard.approve(who)).toMatchObject({ code: 'PAYMENT_METHOD_REQUIRED' });
    const { data } = await yard.register(who);
    expect(data).toMatchObject({
      kind: 'CREDIT_CARD',
      maskedNumber: '****-****-****-4242',
      isDefault: true,
      status: 'REGISTERED',
      account: { id: who.accountId },
    });
    const { data: second } = await yard.register(who, '110123456789', { kind: 'BANK_ACCOUNT' });
    expect(second).toMatchObject({ kind: 'BANK_ACCOUNT', maskedNumber: '********6789', isDefault: false });
    expect((await yard.list(who)).map(({ id }) => id)).toEqual([second?.id, data?.id]);
    expect(await yard.approve(who)).toEqual({ status: 'APPROVED', method: { last4: '4242' } });
    expect(await yard.events(who)).toEqual(['PaymentMethodRegistered', 'PaymentMethodRegistered']);
  });

  it('is refused by the processor: nothing is left', async () => {
    const who = yard.customer();
    expect(await yard.register(who, '4000000000000069')).toMatchObject({
      data: null,
      code: 'PAYMENT_METHOD_DECLINED',
      extensions: { reason: 'EXPIRED_CARD' },
    });
    expect(await yard.list(who)).toEqual([]);
    expect(await yard.keys(who)).toEqual([]);
    expect(await yard.events(who)).toEqual([]);
    expect((await yard.register(who)).data).toMatchObject({ isDefault: true });
  });

  it.each([
    ['4242424242424241', {}],
    ['12', {}],
    ['', {}],
    ['4242424242424242 or so', {}],
    ['4242', { kind: 'BANK_ACCOUNT' }],
    ['4'.repeat(200), {}],
  ])('needs a number of the kind: %s', async (number, more) => {
    const who = yard.customer();
    expect(await yard.register(who, number, more)).toMatchObject({ data: null, code: 'BAD_INPUT', extensions: { field: 'number' } });
    expect(await yard.rows('own', 'SELECT * FROM "Owner" WHERE "accountId" = $1', who.accountId)).toEqual([]);
  });

  it('by one key is registering once', async () => {
    const who = yard.customer();
    const answers = await Promise.all([1, 2, 3].map(() => yard.register(who, '4242424242424242', { idempotencyKey: 'mine' })));
    expect(new Set(answers.map(({ data }) => data?.id)).size).toBe(1);
    expect(answers.every(({ code }) => code === undefined)).toBe(true);
    expect((await yard.register(who, '4242-4242-4242-4242', { idempotencyKey: 'mine' })).data).toEqual(answers[0]?.data);
    expect((await yard.register(who, '5555555555554444', { idempotencyKey: 'mine' })).code).toBe('IDEMPOTENCY_CONFLICT');
    expect((await yard.register(yard.customer(), '5555555555554444', { idempotencyKey: 'mine' })).code).toBeUndefined();
    expect(await yard.keys(who)).toHaveLength(1);
  });

  it('ten at once gives ten, one of them the default', async () => {
    const who = yard.customer();
    // Each change waits for the one before it for a second at most; whoever is told to try again does.
    const registered = (idempotencyKey: string) =>
      eventually(async () => {
        const answer = await yard.register(who, '4242424242424242', { idempotencyKey });
        return answer.code !== 'TRY_AGAIN_LATER' && answer;
      });
    const answers = await Promise.all(Array.from({ length: 10 }, (_, turn) => registered(`turn-${turn}`)));
    expect(new Set(answers.map(({ data }) => data?.id)).size).toBe(10);
    expect((await yard.list(who)).filter(({ isDefault }) => isDefault)).toHaveLength(1);
  });

  it('needs an account', async () => expect((await yard.register(null)).code).toBe('UNAUTHENTICATED'));
});

describe('changing', () => {
  it('the number: that one is charged from then on', async () => {
    const who = yard.customer();
    const { data } = await yard.register(who);
    const input = { paymentMethodId: data?.id, number: '5555-5555-5555-4444' };
    expect((await yard.run(who, 'changePaymentMethod', input)).data).toMatchObject({ id: data?.id, maskedNumber: '****-****-****-4444' });
    expect(await yard.approve(who)).toMatchObject({ method: { last4: '4444' } });
    expect(await yard.run(who, 'changePaymentMethod', { ...input, number: '4000000000000069' })).toMatchObject({
      code: 'PAYMENT_METHOD_DECLINED',
    });
    expect(await yard.list(who)).toMatchObject([{ maskedNumber: '****-****-****-4444' }]);
    expect(await yard.approve(who)).toMatchObject({ method: { last4: '4444' } });
  });

  it('the default, back and forth at the same time: payments charges what is shown as the default', async () => {
    const who = yard.customer();
    const ids = [(await yard.register(who)).data?.id, (await yard.register(who, '5555555555554444')).data?.id];
    await Promise.all(
      Array.from({ length: 12 }, (_, turn) => yard.run(who, 'makePaymentMethodDefault', { paymentMethodId: ids[turn % 2] })),
    );
    const [shown] = (await yard.list(who)).filter(({ isDefault }) => isDefault);
    expect(shown?.maskedNumber.slice(-4)).toBe(await yard.charged(who));
  });

  it('is removing in the end: never charged again, and no other one is by itself', async () => {
    const who = yard.customer();
    const { data: first } = await yard.register(who);
    const { data: second } = await yard.register(who, '5555555555554444');
    const removed = await yard.run(who, 'removePaymentMethod', { paymentMethodId: first?.id });
    expect(removed.data).toMatchObject({ status: 'REMOVED', isDefault: false });
    expect((await yard.run(who, 'removePaymentMethod', { paymentMethodId: first?.id })).data).toEqual(removed.data);
    expect(await yard.approve(who)).toMatchObject({ code: 'PAYMENT_METHOD_REQUIRED' });
    expect(await yard.list(who)).toMatchObject([{ id: second?.id, isDefault: false }]);
    expect(await yard.list(who, who.accountId, null)).toHaveLength(2);
    await yard.run(who, 'makePaymentMethodDefault', { paymentMethodId: second?.id });
    expect(await yard.approve(who)).toMatchObject({ method: { last4: '4444' } });
    expect(await yard.events(who)).toEqual([
      'PaymentMethodRegistered',
      'PaymentMethodRegistered',
      'PaymentMethodRemoved',
      'PaymentMethodChanged',
    ]);
  });

  it("nobody else's", async () => {
    const { data } = await yard.register(yard.customer());
    const other = yard.customer();
    for (const name of ['makePaymentMethodDefault', 'removePaymentMethod'])
      expect((await yard.run(other, name, { paymentMethodId: data?.id })).code).toBe('NOT_FOUND');
    expect((await yard.run(other, 'changePaymentMethod', { paymentMethodId: data?.id, number: '5555555555554444' })).code).toBe(
      'NOT_FOUND',
    );
    expect((await yard.run(other, 'removePaymentMethod', { paymentMethodId: 'nonsense' })).extensions).toMatchObject({
      code: 'BAD_INPUT',
      field: 'paymentMethodId',
    });
  });
});

describe('seeing', () => {
  it('is for the owner and for operations', async () => {
    const who = yard.customer();
    const { data } = await yard.register(who);
    const query = 'query One($id: ID!) { paymentMethod(id: $id) { id maskedNumber } }';
    expect((await yard.call(who, query, { id: data?.id })).data).toMatchObject({ maskedNumber: '****-****-****-4242' });
    expect((await yard.call(user('staff', 'MANAGER'), query, { id: data?.id })).data).toMatchObject({ id: data?.id });
    expect((await yard.call(yard.customer(), query, { id: data?.id })).code).toBe('NOT_FOUND');
    expect((await yard.call(null, query, { id: data?.id })).code).toBe('UNAUTHENTICATED');
    expect((await yard.call(who, query, { id: 'nonsense' })).code).toBe('NOT_FOUND');
    expect(await yard.list(yard.customer(), who.accountId)).toEqual([]);
    expect(await yard.list(user('staff', 'ADMIN'), who.accountId)).toHaveLength(1);
  });
});

describe('payments does not answer', () => {
  it('nothing had been sent: nothing is registered, and the next try is free', async () => {
    const who = yard.customer();
    yard.wire.is.now = 'QUESTION_LOST';
    const refused = await yard.register(who, '4242424242424242', { idempotencyKey: 'mine' });
    expect(refused).toMatchObject({ data: null, code: 'TRY_AGAIN_LATER' });
    expect(refused.extensions?.retryAfterSeconds).toBeGreaterThan(0);
    yard.wire.is.now = 'SOUND';
    await nothingOpen();
    expect(await yard.list(who)).toEqual([]);
    expect((await yard.keys(who)).filter(({ status }) => status === 'ACTIVE')).toEqual([]);
    expect((await yard.register(who, '4242424242424242', { idempotencyKey: 'mine' })).data).toMatchObject({ isDefault: true });
  });

  it('though it had registered it: it is undone', async () => {
    const who = yard.customer();
    yard.wire.is.now = 'ANSWER_LOST';
    expect(await yard.register(who)).toMatchObject({ code: 'TRY_AGAIN_LATER' });
    expect(await yard.keys(who)).toMatchObject([{ status: 'ACTIVE' }]);
    expect(await yard.list(who)).toEqual([]);
    yard.wire.is.now = 'SOUND';
    await nothingOpen();
    expect(await yard.keys(who)).toMatchObject([{ status: 'REVOKED', last4: null }]);
    expect(await yard.events(who)).toEqual([]);
    expect(await yard.approve(who)).toMatchObject({ code: 'PAYMENT_METHOD_REQUIRED' });
  });

  it('though it had changed the number, the default, or removed it: it is found out', async () => {
    const who = yard.customer();
    const { data: first } = await yard.register(who);
    const { data: second } = await yard.register(who, '5555555555554444');
    const lost = async (name: string, input: object) => {
      yard.wire.is.now = 'ANSWER_LOST';
      expect((await yard.run(who, name, input)).code).toBe('TRY_AGAIN_LATER');
      yard.wire.is.now = 'SOUND';
      await nothingOpen();
    };
    await lost('changePaymentMethod', { paymentMethodId: first?.id, number: '4000000000000002' });
    expect(await yard.list(who)).toMatchObject([{ id: second?.id }, { maskedNumber: '****-****-****-0002' }]);
    await lost('makePaymentMethodDefault', { paymentMethodId: second?.id });
    expect(await yard.list(who)).toMatchObject([{ id: second?.id, isDefault: true }, { isDefault: false }]);
    expect(await yard.charged(who)).toBe('4444');
    await lost('removePaymentMethod', { paymentMethodId: second?.id });
    expect(await yard.list(who)).toMatchObject([{ id: first?.id, isDefault: false }]);
    expect(await yard.charged(who)).toBeNull();
  });

  it('and had not changed it: the old number stays', async () => {
    const who = yard.customer();
    const { data } = await yard.register(who);
    await yard.sandbox('outage = true');
    expect((await yard.run(who, 'changePaymentMethod', { paymentMethodId: data?.id, number: '5555555555554444' })).code).toBe(
      'TRY_AGAIN_LATER',
    );
    await yard.sandbox('outage = false');
    await nothingOpen();
    expect(await yard.list(who)).toMatchObject([{ maskedNumber: '****-****-****-4242' }]);
    expect(await yard.charged(who)).toBe('4242');
    expect(await yard.events(who)).toEqual(['PaymentMethodRegistered']);
  });
});
