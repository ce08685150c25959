import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from '@madang/kernel/testing';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PaymentsYard, paymentsYard } from '../testing/yard.ts';

let yard: PaymentsYard;
let child: ChildProcess;
beforeAll(async () => {
  yard = await paymentsYard();
});
afterAll(async () => {
  child?.kill('SIGKILL');
  await yard?.close();
});

/** Another replica, as a process that can be killed. */
async function startReplica(): Promise<string> {
  child = fork(new URL('../main.ts', import.meta.url), {
    env: { ...process.env, ...yard.settings },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [],
  });
  const [{ ready }] = (await once(child, 'message')) as [{ ready: string }];
  return ready;
}

it('kill -9 in the middle of approvals and cancellations: the books and the payments agree', async () => {
  const accountId = await yard.payer();
  await yard.sandbox('"latencyMinMs" = 0, "latencyMaxMs" = 60');
  const orders = Array.from({ length: 100 }, (_, at) => ({ accountId, reference: uuidv7(), cancelled: at % 2 === 0 }));
  for (let kill = 0; kill < 3; kill++) {
    const url = await startReplica();
    const busy = orders.map(async ({ cancelled, ...order }) => {
      await yard.approve(order, undefined, url);
      if (cancelled && kill > 0) await yard.cancel(order, undefined, url);
    });
    const all = Promise.allSettled(busy);
    await new Promise((next) => setTimeout(next, 60 + Math.random() * 120));
    child.kill('SIGKILL');
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
