import { user } from '@madang/kernel/domain';
import { times } from '@madang/kernel/testing';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PaymentsYard, paymentsYard } from '../testing/yard.ts';

let yard: PaymentsYard;
beforeAll(async () => {
  yard = await paymentsYard({ replicas: 2 });
});
afterAll(() => yard?.close());

const method = (accountId = uuidv7()) => ({ accountId, paymentMethodId: uuidv7() });
const register = (of: object, more: object = {}) =>
  yard.key('registerBillingKey', { kind: 'CREDIT_CARD', number: '4242424242424242', isDefault: true, revision: 1, ...of, ...more });
const row = async ({ paymentMethodId }: { paymentMethodId: string }) =>
  (await yard.rows('SELECT * FROM "BillingKey" WHERE id = $1', paymentMethodId))[0];

describe('registering', () => {
  it('keeps last four, fingerprint and token; the same again is the same', async () => {
    const of = method();
    const { data } = await register(of);
    expect(data).toEqual({
      paymentMethodId: of.paymentMethodId,
      kind: 'CREDIT_CARD',
      last4: '4242',
      isDefault: true,
      status: 'ACTIVE',
      revision: 1,
    });
    expect((await register(of)).data).toEqual(data);
    expect((await register(of, { number: '5555555555554444' })).code).toBe('IDEMPOTENCY_CONFLICT');
    expect(JSON.stringify(await row(of))).not.toContain('4242424242424242');
  });

  it('is declined or put off: nothing is kept', async () => {
    const of = method();
    expect(await register(of, { number: '4000000000000069' })).toMatchObject({
      code: 'PAYMENT_METHOD_DECLINED',
      extensions: { reason: 'EXPIRED_CARD' },
    });
    await yard.sandbox('outage = true');
    expect((await register(of)).code).toBe('TRY_AGAIN_LATER');
    await yard.sandbox('outage = false');
    expect(await row(of)).toBeUndefined();
  });

  it('is for contexts only, of digits only', async () => {
    expect(
      (
        await yard.key(
          'registerBillingKey',
          { ...method(), kind: 'CREDIT_CARD', number: '4242424242424242', isDefault: true, revision: 1 },
          user('me', 'ADMIN'),
        )
      ).code,
    ).toBe('FORBIDDEN');
    expect((await register(method(), { number: '4242-4242' })).extensions).toMatchObject({ code: 'BAD_INPUT', field: 'number' });
    expect((await register(method(), { revision: 0 })).extensions).toMatchObject({ code: 'BAD_INPUT', field: 'revision' });
  });
});

describe('a hundred races on two replicas', () => {
  it('of a registration and its revocation: revoked in the end', () =>
    times(100, async () => {
      const of = method();
      await Promise.all([register(of), yard.key('revokeBillingKey', { ...of, revision: 2 })]);
      expect(await row(of)).toMatchObject({ status: 'REVOKED', token: null });
      expect((await yard.approve({ accountId: of.accountId, reference: uuidv7() })).code).toBe('PAYMENT_METHOD_REQUIRED');
    }));

  it('of two defaults: the later decision wins, whichever arrives first', () =>
    times(100, async () => {
      const accountId = uuidv7();
      const [one, other] = [method(accountId), method(accountId)];
      await register(one);
      await register(other, { number: '5555555555554444', isDefault: false, revision: 2 });
      await Promise.all([
        yard.key('changeBillingKey', { ...other, isDefault: true, revision: 4 }),
        yard.key('changeBillingKey', { ...one, isDefault: true, revision: 3 }),
      ]);
      expect((await yard.approve({ accountId, reference: uuidv7() })).data?.method?.last4).toBe('4444');
    }));

  it('of two numbers, and a question how it is: nothing older than the question happens after it', () =>
    times(100, async () => {
      const of = method();
      await register(of);
      const [, asked] = await Promise.all([
        yard.key('changeBillingKey', { ...of, number: '5555555555554444', revision: 2 }),
        yard.key('changeBillingKey', { ...of, revision: 3 }),
      ]);
      const { numberRevision, last4 } = (await row(of)) ?? {};
      expect(asked.data).toMatchObject({ revision: numberRevision, last4 });
    }));
});
