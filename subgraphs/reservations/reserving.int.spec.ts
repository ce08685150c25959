import { anonymous } from '@madang/kernel/domain';
import { eventually } from '@madang/kernel/testing';
import { PaymentApproved } from '@madang/payments/events';
import { uuidv7 } from 'uuidv7';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RunningReservations, runningReservations } from './testing/running-reservations.ts';

let running: RunningReservations;
beforeAll(async () => {
  running = await runningReservations();
});
afterEach(() => {
  running.payments.says.now = 'APPROVED';
  running.payments.says.before = undefined;
});
afterAll(() => running?.close());

const callsFor = (id: string) => running.payments.calls.filter(({ reference }) => reference === id).map(({ mutation }) => mutation);
/** Payments are well again, and the breaker has noticed. */
const recover = async () => {
  running.payments.says.now = 'APPROVED';
  const other = running.customer();
  await eventually(async () => (await running.reserve(other)).data?.status === 'RESERVED');
};

describe('reserving', () => {
  it('is paid in the request, at the price of the plan', async () => {
    const customer = running.customer();
    const { data } = await running.reserve(customer);
    const id = data?.id ?? '';
    expect(data).toMatchObject({
      status: 'RESERVED',
      title: '원룸 청소',
      minutes: 120,
      amount: 49_000,
      cleaningAt: '2099-11-25T01:00:00.000Z',
      cleaningAtInSeoul: '2099-11-25T10:00:00+09:00',
      account: { id: customer.accountId },
      plan: { id: running.planId, price: 49_000 },
      payment: { id: running.payments.made.get(id)?.id },
    });
    expect(running.payments.calls.filter(({ reference }) => reference === id)).toEqual([
      {
        mutation: 'approve',
        accountId: customer.accountId,
        context: 'reservations',
        reference: id,
        amount: 49_000,
        orderName: '원룸 청소',
        idempotencyKey: id,
      },
    ]);
    expect(await running.published(id)).toEqual(['CleaningReserved']);
    expect(await running.intents(id)).toEqual([]);
    expect((await running.reservation(id, customer)).data).toEqual(data);
  });

  it.each([
    ['PAYMENT_METHOD_REQUIRED', 'PAYMENT_METHOD_REQUIRED', {}],
    ['DECLINED', 'PAYMENT_DECLINED', { reason: 'INSUFFICIENT_FUNDS' }],
  ] as const)('is refused when payments say %s: nothing of it is theirs, and the key can be used again', async (mood, code, details) => {
    const customer = running.customer();
    const once = { idempotencyKey: 'mine' };
    running.payments.says.now = mood;
    expect(await running.reserve(customer, once)).toMatchObject({ data: null, refusal: { code, ...details } });
    const [refused] = await running.rowsOf(customer);
    const id = refused?.id ?? '';
    expect(refused?.status).toBe('DROPPED');
    expect((await running.reservation(id, customer)).refusal?.code).toBe('NOT_FOUND');
    expect((await running.cancel(id, customer)).refusal?.code).toBe('NOT_FOUND');
    expect([await running.published(id), await running.intents(id), callsFor(id)]).toEqual([[], [], ['approve']]);
    running.payments.says.now = 'APPROVED';
    const { data } = await running.reserve(customer, once);
    expect(data).toMatchObject({ status: 'RESERVED' });
    expect(data?.id).not.toBe(id);
  });

  it('with the same key is the same reservation, with other input a conflict', async () => {
    const customer = running.customer();
    const once = { idempotencyKey: uuidv7() };
    const answers = await Promise.all([1, 2, 3, 4].map(() => running.reserve(customer, once)));
    const [first] = answers;
    expect(first?.data?.status).toBe('RESERVED');
    expect(new Set(answers.map(({ data }) => data?.id)).size).toBe(1);
    expect((await running.reserve(customer, once)).data).toEqual(first?.data);
    expect((await running.reserve(customer, { ...once, place: '다른 곳' })).refusal).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    expect(await running.published(first?.data?.id ?? '')).toEqual(['CleaningReserved']);
    expect((await running.reserve(running.customer(), once)).data?.id).not.toBe(first?.data?.id);
  });

  it('is refused with the field at fault, and keeps no row', async () => {
    const customer = running.customer();
    const wrong: [string, object][] = [
      ['planId', { planId: 'x' }],
      ['place', { place: ' ' }],
      ['at', { at: '2020-01-01T10:00:00+09:00' }],
      ['idempotencyKey', { idempotencyKey: '' }],
    ];
    for (const [field, input] of wrong)
      expect((await running.reserve(customer, input)).refusal).toMatchObject({ code: 'BAD_INPUT', field });
    expect((await running.reserve(customer, { at: '2099-01-01' })).data).toBeNull();
    expect((await running.reserve(customer, { planId: uuidv7() })).refusal?.code).toBe('NOT_FOUND');
    expect((await running.reserve(anonymous)).refusal?.code).toBe('UNAUTHENTICATED');
    expect(await running.rowsOf(customer)).toEqual([]);
  });
});

describe('while payments are out', () => {
  it('is refused within a second, and told when to come again', async () => {
    const customer = running.customer();
    running.payments.says.now = 'SILENT';
    const { refusal, took } = await running.reserve(customer);
    expect(took).toBeLessThan(1_100);
    expect(refusal).toMatchObject({ code: 'TRY_AGAIN_LATER', retryAfterSeconds: expect.any(Number) });
    const [{ id } = { id: '' }] = await running.rowsOf(customer);
    expect((await running.reservation(id, customer)).refusal?.code).toBe('NOT_FOUND');
    await recover();
    await eventually(async () => (await running.intents(id)).length === 0);
    expect(callsFor(id).at(-1)).toBe('cancel');
    expect(running.payments.made.get(id)?.status).toBe('CANCELLED');
    expect(await running.published(id)).toEqual([]);
  });

  it('is refused at once when the breaker is open, asks nobody, and owes nothing', async () => {
    running.payments.says.now = 'OUT';
    await eventually(async () => {
      const customer = running.customer();
      const before = running.payments.calls.length;
      const { took, refusal } = await running.reserve(customer);
      const [{ id } = { id: '' }] = await running.rowsOf(customer);
      expect(refusal).toMatchObject({ code: 'TRY_AGAIN_LATER' });
      return running.payments.calls.length === before && took < 100 && (await running.intents(id)).length === 0;
    });
    await recover();
  });

  it('is refused as well when payments refuse what is none of the customer’s fault', async () => {
    const customer = running.customer();
    running.payments.moods.set(customer.accountId, 'FORBIDDEN');
    expect((await running.reserve(customer)).refusal).toMatchObject({ code: 'TRY_AGAIN_LATER' });
  });
});

describe('an answer that is lost', () => {
  it('is given back, once, and the same key reserves anew', async () => {
    const customer = running.customer();
    const once = { idempotencyKey: 'again' };
    running.payments.moods.set(customer.accountId, 'LOST');
    expect((await running.reserve(customer, once)).refusal).toMatchObject({ code: 'TRY_AGAIN_LATER' });
    const [{ id } = { id: '' }] = await running.rowsOf(customer);
    running.payments.moods.delete(customer.accountId);
    await eventually(async () => (await running.intents(id)).length === 0);
    expect(callsFor(id).filter((mutation) => mutation === 'cancel')).toHaveLength(1);
    expect(running.payments.made.get(id)?.status).toBe('CANCELLED');
    await eventually(async () => (await running.reserve(customer, once)).data?.status === 'RESERVED');
    expect((await running.rowsOf(customer)).map(({ status }) => status)).toEqual(['DROPPED', 'RESERVED']);
  });

  it('is learnt from the event when that comes before', async () => {
    const customer = running.customer();
    const paymentId = uuidv7();
    running.payments.says.before = async ({ accountId, reference }) => {
      if (accountId !== customer.accountId) return;
      await running.publish(PaymentApproved, { accountId, reference, paymentId, context: 'reservations' }, 2);
      await eventually(async () => (await running.rowsOf(customer))[0]?.status === 'RESERVED');
    };
    running.payments.moods.set(customer.accountId, 'SILENT');
    const { data } = await running.reserve(customer);
    expect(data).toMatchObject({ status: 'RESERVED', payment: { id: paymentId } });
    expect(await running.published(data?.id ?? '')).toEqual(['CleaningReserved']);
    expect(await running.intents(data?.id ?? '')).toEqual([]);
  });

  it('that comes as an event after the refusal is given back', async () => {
    const customer = running.customer();
    running.payments.moods.set(customer.accountId, 'DECLINED');
    await running.reserve(customer);
    const [{ id } = { id: '' }] = await running.rowsOf(customer);
    const { accountId } = customer;
    await running.publish(PaymentApproved, { accountId, reference: id, paymentId: uuidv7(), context: 'reservations' }, 3);
    await running.publish(PaymentApproved, { accountId, reference: id, paymentId: uuidv7(), context: 'applications' });
    await eventually(() => callsFor(id).includes('cancel'));
    await eventually(async () => (await running.intents(id)).length === 0);
    expect(callsFor(id)).toEqual(['approve', 'cancel']);
    expect((await running.rowsOf(customer))[0]?.status).toBe('DROPPED');
  });
});
