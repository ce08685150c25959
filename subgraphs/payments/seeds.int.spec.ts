import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { demoBillingKey } from './seeds.ts';
import { type PaymentsYard, paymentsYard } from './testing/yard.ts';

let yard: PaymentsYard;
beforeAll(async () => {
  yard = await paymentsYard({ replicas: 2, env: { SEED: 'demo' } });
});
afterAll(() => yard?.close());

it('the demo customer can be charged, started once or twice', async () => {
  const { data } = await yard.approve({ accountId: demoBillingKey.accountId, reference: uuidv7() });
  expect(data).toMatchObject({ status: 'APPROVED', method: { kind: 'CREDIT_CARD', last4: '4242' } });
});
