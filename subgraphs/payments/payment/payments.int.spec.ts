import { user } from '@madang/kernel/domain';
import { eventually } from '@madang/kernel/testing';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PaymentsYard, paymentsYard } from '../testing/yard.ts';

let yard: PaymentsYard;
beforeAll(async () => {
  yard = await paymentsYard();
});
afterAll(() => yard?.close());

const settled = (reference: string, status: string) =>
  eventually(async () => {
    const payment = await yard.payment(reference);
    if (payment?.status !== status) throw new Error(`it is ${payment?.status}`);
    return payment;
  });

describe('approving', () => {
  it('charges the default method once, however often it is asked for', async () => {
    const order = { accountId: await yard.payer(), reference: uuidv7() };
    const first = await yard.approve(order);
    expect(first.data).toMatchObject({
      status: 'APPROVED',
      amount: 10_000,
      refunded: 0,
      method: { kind: 'CREDIT_CARD', last4: '4242' },
      orderName: '교재',
    });
    expect((await yard.approve(order)).data).toEqual(first.data);
    const id = first.data?.id ?? '';
    expect(await yard.ledger(id)).toEqual({ charges: 1, refunds: 0, net: 10_000 });
    expect(await yard.events(id)).toEqual(['PaymentApproved']);
    expect(await yard.openIntents()).toEqual([]);
  });

  it('keeps a decline as a fact', async () => {
    const order = { accountId: await yard.payer('4000000000000002'), reference: uuidv7() };
    const { data } = await yard.approve(order);
    expect(data).toMatchObject({ status: 'DECLINED', declineReason: 'INSUFFICIENT_FUNDS' });
    expect(await yard.events(data?.id ?? '')).toEqual(['PaymentDeclined']);
    expect((await yard.cancel(order)).data).toMatchObject({ status: 'DECLINED' });
  });

  it('refuses an account without a method, and keeps nothing', async () => {
    const reference = uuidv7();
    expect(await yard.approve({ accountId: uuidv7(), reference })).toMatchObject({ data: null, code: 'PAYMENT_METHOD_REQUIRED' });
    expect(await yard.payment(reference)).toBeUndefined();
  });

  it('refuses the reference and the key for anything else', async () => {
    const accountId = await yard.payer();
    const reference = uuidv7();
    await yard.approve({ accountId, reference });
    expect((await yard.approve({ accountId, reference, amount: 20_000 })).code).toBe('IDEMPOTENCY_CONFLICT');
    expect((await yard.approve({ accountId: await yard.payer(), reference })).code).toBe('IDEMPOTENCY_CONFLICT');
    const other = uuidv7();
    expect((await yard.approve({ accountId, reference: other, idempotencyKey: reference })).code).toBe('IDEMPOTENCY_CONFLICT');
    expect(await yard.payment(other)).toBeUndefined();
  });

  it('is for contexts only, and says what is wrong with the input', async () => {
    const order = { accountId: await yard.payer(), reference: uuidv7() };
    expect((await yard.approve(order, user(order.accountId, 'ADMIN'))).code).toBe('FORBIDDEN');
    expect(await yard.approve({ ...order, amount: 0 })).toMatchObject({ code: 'BAD_INPUT', extensions: { field: 'amount' } });
    expect(await yard.approve({ ...order, reference: 'a.b' })).toMatchObject({ code: 'BAD_INPUT', extensions: { field: 'reference' } });
    expect(await yard.payment(order.reference)).toBeUndefined();
  });
});

describe('cancelling', () => {
  it('gives back at once what needs no delivery stopped, whatever deliveries say', async () => {
    const order = { accountId: await yard.payer(), reference: uuidv7(), context: 'reservations' };
    const { data } = await yard.approve(order);
    yard.deliveries.says.now = 'OUT';
    expect((await yard.cancel(order)).data).toMatchObject({ status: 'CANCELLED', refunded: 10_000 });
    yard.deliveries.says.now = 'AGREED';
    expect(await yard.ledger(data?.id ?? '')).toEqual({ charges: 1, refunds: 1, net: 0 });
    expect(await yard.events(data?.id ?? '')).toEqual(['PaymentApproved', 'PaymentCancelling', 'PaymentCancelled']);
  });

  it('stops the delivery, then gives the money back, once', async () => {
    const order = { accountId: await yard.payer(), reference: uuidv7() };
    const { data } = await yard.approve(order);
    expect((await yard.cancel(order)).data).toMatchObject({ status: 'CANCELLED', refunded: 10_000 });
    expect((await yard.cancel(order)).data).toMatchObject({ status: 'CANCELLED', refunded: 10_000 });
    expect((await yard.approve(order)).data).toMatchObject({ status: 'CANCELLED' });
    expect(yard.deliveries.cancelled.filter((id) => id === order.reference)).toHaveLength(1);
    expect(await yard.ledger(data?.id ?? '')).toEqual({ charges: 1, refunds: 1, net: 0 });
    expect(await yard.events(data?.id ?? '')).toEqual(['PaymentApproved', 'PaymentCancelling', 'PaymentCancelled']);
  });

  it('lets the payment stand when it has been delivered', async () => {
    const order = { accountId: await yard.payer(), reference: uuidv7() };
    const { data } = await yard.approve(order);
    yard.deliveries.says.now = 'ALREADY_DELIVERED';
    expect((await yard.cancel(order)).data).toMatchObject({ status: 'APPROVED', refunded: 0 });
    yard.deliveries.says.now = 'AGREED';
    expect(await yard.openIntents()).toEqual([]);
    expect(await yard.ledger(data?.id ?? '')).toMatchObject({ refunds: 0 });
  });

  it('waits for deliveries to be back', async () => {
    const order = { accountId: await yard.payer(), reference: uuidv7() };
    await yard.approve(order);
    yard.deliveries.says.now = 'OUT';
    expect((await yard.cancel(order)).data).toMatchObject({ status: 'APPROVED' });
    yard.deliveries.says.now = 'AGREED';
    expect(await settled(order.reference, 'CANCELLED')).toMatchObject({ refunded: 10_000 });
  });

  it('needs no delivery where nothing is delivered', async () => {
    const order = { accountId: await yard.payer(), reference: uuidv7(), context: 'tickets' };
    await yard.approve(order);
    expect((await yard.cancel(order)).data).toMatchObject({ status: 'CANCELLED', refunded: 10_000 });
    expect(yard.deliveries.cancelled).not.toContain(order.reference);
  });

  it('before the approval leaves a tombstone that beats it', async () => {
    const order = { accountId: await yard.payer(), reference: uuidv7() };
    const { data } = await yard.cancel(order);
    expect(data).toMatchObject({ status: 'CANCELLED', amount: 0, refunded: 0, orderName: null, method: null });
    expect((await yard.approve(order)).data).toEqual(data);
    expect(await yard.events(data?.id ?? '')).toEqual(['PaymentCancelled']);
    expect(await yard.ledger(data?.id ?? '')).toMatchObject({ charges: 0 });
  });
});

describe('the processor is out', () => {
  it('keeps the approval open, and it is decided afterwards', async () => {
    const order = { accountId: await yard.payer(), reference: uuidv7() };
    await yard.sandbox('outage = true');
    expect(await yard.approve(order)).toMatchObject({ code: 'TRY_AGAIN_LATER', extensions: { retryAfterSeconds: 1 } });
    expect((await yard.cancel({ ...order, reference: uuidv7() })).data).toMatchObject({ status: 'CANCELLED' });
    await yard.sandbox('outage = false');
    expect((await yard.approve(order)).data).toMatchObject({ status: 'APPROVED' });
    const { id = '' } = (await yard.payment(order.reference)) ?? {};
    expect(await yard.ledger(id)).toEqual({ charges: 1, refunds: 0, net: 10_000 });
  });

  it('and the sweep finds out, if nobody asks again', async () => {
    const order = { accountId: await yard.payer(), reference: uuidv7() };
    await yard.sandbox('outage = true');
    await yard.approve(order);
    await yard.sandbox('outage = false');
    const { id } = await settled(order.reference, 'APPROVED');
    expect(await yard.events(id)).toEqual(['PaymentApproved']);
  });

  it('a lost answer is not a second charge', async () => {
    const order = { accountId: await yard.payer(), reference: uuidv7() };
    await yard.sandbox('"answersLost" = true');
    expect((await yard.approve(order)).code).toBe('TRY_AGAIN_LATER');
    const { id = '' } = (await yard.payment(order.reference)) ?? {};
    expect(await yard.ledger(id)).toMatchObject({ charges: 1 });
    await yard.sandbox('"answersLost" = false');
    expect((await yard.approve(order)).data).toMatchObject({ status: 'APPROVED' });
    expect(await yard.ledger(id)).toEqual({ charges: 1, refunds: 0, net: 10_000 });
  });

  it.each(['outage = true', '"answersLost" = true'])(
    'a cancelled one is given back if it was charged, and not charged otherwise (%s)',
    async (change) => {
      const order = { accountId: await yard.payer(), reference: uuidv7() };
      await yard.sandbox(change);
      await yard.approve(order);
      expect((await yard.cancel(order)).data).toMatchObject({ status: 'CANCELLING', refunded: 0 });
      await yard.sandbox('outage = false, "answersLost" = false');
      const { id, refunded } = await settled(order.reference, 'CANCELLED');
      const { charges, net } = (await yard.ledger(id)) ?? {};
      expect({ charges, net, refunded }).toEqual(
        change.startsWith('outage') ? { charges: 0, net: 0, refunded: 0 } : { charges: 1, net: 0, refunded: 10_000 },
      );
      expect(await yard.events(id)).toEqual(['PaymentCancelling', 'PaymentCancelled']);
    },
  );

  it('a refund waits in CANCELLING', async () => {
    const order = { accountId: await yard.payer(), reference: uuidv7() };
    const { data } = await yard.approve(order);
    await yard.sandbox('outage = true');
    expect((await yard.cancel(order)).data).toMatchObject({ status: 'CANCELLING', refunded: 0 });
    await yard.sandbox('outage = false');
    await settled(order.reference, 'CANCELLED');
    expect(await yard.ledger(data?.id ?? '')).toEqual({ charges: 1, refunds: 1, net: 0 });
  });

  it('what its payer removed meanwhile is not charged any more', async () => {
    const accountId = uuidv7();
    const method = { accountId, paymentMethodId: uuidv7() };
    await yard.key('registerBillingKey', { ...method, kind: 'CREDIT_CARD', number: '4242424242424242', isDefault: true, revision: 1 });
    const order = { accountId, reference: uuidv7() };
    await yard.sandbox('outage = true');
    await yard.approve(order);
    await yard.key('revokeBillingKey', { ...method, revision: 2 });
    await yard.sandbox('outage = false');
    const { id } = await settled(order.reference, 'DECLINED');
    expect((await yard.approve(order)).data).toMatchObject({ declineReason: 'METHOD_REMOVED' });
    expect(await yard.ledger(id)).toMatchObject({ charges: 0 });
  });
});
