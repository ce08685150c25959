import { eventually } from '@madang/kernel/testing';
import { ContextProcess } from '@madang/kernel/testing/context';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PaymentsYard, paymentsYard } from '../testing/yard.ts';

let yard: PaymentsYard;
/** Another replica. */
let replica: ContextProcess;
beforeAll(async () => {
  yard = await paymentsYard();
  replica = new ContextProcess(new URL('../main.ts', import.meta.url), yard.settings);
});
afterAll(async () => {
  await replica?.kill();
  await yard?.close();
});

it('kill -9 in the middle of approvals and cancellations: the books and the payments agree', async () => {
  const accountId = await yard.payer();
  await yard.sandbox('"latencyMinMs" = 0, "latencyMaxMs" = 60');
  const orders = Array.from({ length: 100 }, (_, at) => ({ accountId, reference: uuidv7(), cancelled: at % 2 === 0 }));
  for (let kill = 0; kill < 3; kill++) {
    const { url } = await replica.start();
    const busy = orders.map(async ({ cancelled, ...order }) => {
      await yard.approve(order, undefined, url);
      if (cancelled && kill > 0) await yard.cancel(order, undefined, url);
    });
    const all = Promise.allSettled(busy);
    await new Promise((next) => setTimeout(next, 60 + Math.random() * 120));
    await replica.kill();
    await all;
  }
  await yard.sandbox('"latencyMinMs" = NULL, "latencyMaxMs" = NULL');
  for (const { cancelled, ...order } of orders) {
    await yard.approve(order);
    if (cancelled) await yard.cancel(order);
  }
  await eventually(async () => (await yard.openIntents()).length === 0, { withinMs: 20_000 });
  for (const { reference, cancelled } of orders) {
    const payment = await yard.payment(reference);
    expect(payment?.status).toBe(cancelled ? 'CANCELLED' : 'APPROVED');
    const ledger = await yard.ledger(payment?.id ?? '');
    expect(ledger?.charges).toBeLessThanOrEqual(1);
    expect(ledger?.net).toBe(cancelled ? 0 : 10_000);
    expect(payment?.refunded).toBe((ledger?.refunds ?? 0) * 10_000);
  }
  expect(await yard.disagreements()).toEqual([]);
});
