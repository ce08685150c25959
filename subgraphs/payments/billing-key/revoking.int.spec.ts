import { eventually, times } from '@madang/kernel/testing';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PaymentsYard, paymentsYard } from '../testing/yard.ts';

let yard: PaymentsYard;
beforeAll(async () => {
  yard = await paymentsYard({ replicas: 2 });
});
afterAll(() => yard?.close());

async function payer() {
  const of = { accountId: uuidv7(), paymentMethodId: uuidv7() };
  await yard.key('registerBillingKey', { ...of, kind: 'CREDIT_CARD', number: '4242424242424242', isDefault: true, revision: 1 });
  return of;
}
type Payer = Awaited<ReturnType<typeof payer>>;

const remove = (of: Payer) => yard.key('revokeBillingKey', { ...of, revision: 2 });
const change = (of: Payer) => yard.key('changeBillingKey', { ...of, number: '5555555555554444', revision: 2 });
const now = async () => (await yard.rows<{ now: Date }>('SELECT clock_timestamp() AS now'))[0]?.now as Date;
/** The payer's charges that the processor made since then, by what they were charged to. */
const charged = (accountId: string, since: Date) =>
  yard.rows<{ last4: string }>(
    `SELECT payment."methodLast4" AS last4 FROM "Payment" payment JOIN "SandboxLedger" charge ON charge."idempotencyKey" = 'charge:' || payment.id
     WHERE payment."accountId" = $1 AND charge."chargeId" IS NOT NULL AND charge.at > $2`,
    accountId,
    since,
  );

describe('while a slow processor is charging', () => {
  it.each([
    ['removed', remove],
    ['changed', change],
  ])('a number that is %s is not charged any more once that is answered, a hundred times', async (how, act) => {
    await yard.sandbox('"latencyMinMs" = 5, "latencyMaxMs" = 40');
    const outcomes = { before: 0, after: 0 };
    await times(100, async (turn) => {
      const of = await payer();
      const approvals = [0, 1, 2, 3].map(async (nth) => {
        await new Promise((begin) => setTimeout(begin, nth * 7));
        return yard.approve({ accountId: of.accountId, reference: uuidv7() });
      });
      await new Promise((begin) => setTimeout(begin, turn % 25));
      expect(await act(of)).toMatchObject({ code: undefined });
      const told = await now();
      for (const { data, code } of await Promise.all(approvals)) {
        outcomes[data?.status === 'APPROVED' && data.method?.last4 === '4242' ? 'before' : 'after']++;
        if (data?.status !== 'APPROVED' && code !== 'PAYMENT_METHOD_REQUIRED') expect(data?.declineReason).toBe('METHOD_REMOVED');
      }
      expect((await charged(of.accountId, told)).filter(({ last4 }) => last4 === '4242')).toEqual([]);
      const later = await yard.approve({ accountId: of.accountId, reference: uuidv7() });
      if (how === 'removed') expect(later.code).toBe('PAYMENT_METHOD_REQUIRED');
      else expect(later.data).toMatchObject({ status: 'APPROVED', method: { last4: '4444' } });
    });
    expect(outcomes.before).toBeGreaterThan(0);
    expect(outcomes.after).toBeGreaterThan(0);
    await yard.sandbox('"latencyMinMs" = NULL, "latencyMaxMs" = NULL');
    await eventually(async () => (await yard.openIntents()).length === 0);
    expect(await yard.disagreements()).toEqual([]);
  });
});

describe('while the processor is out', () => {
  it.each(['outage', '"answersLost"'])('by %s, a removal is not told as done; it is done by itself once it is back', async (out) => {
    const of = await payer();
    await yard.sandbox(`${out} = true`);
    expect((await remove(of)).code).toBe('TRY_AGAIN_LATER');
    expect((await remove(of)).code).toBe('TRY_AGAIN_LATER');
    expect((await yard.approve({ accountId: of.accountId, reference: uuidv7() })).code).toBe('PAYMENT_METHOD_REQUIRED');
    await yard.sandbox(`${out} = false`);
    const retired = async () =>
      (await yard.rows<{ retiredTokens: string[] }>('SELECT "retiredTokens" FROM "BillingKey" WHERE id = $1', of.paymentMethodId))[0]
        ?.retiredTokens;
    await eventually(async () => (await retired())?.length === 0);
    await eventually(async () => (await yard.openIntents()).length === 0);
    expect((await remove(of)).data).toMatchObject({ status: 'REVOKED' });
  });
});
