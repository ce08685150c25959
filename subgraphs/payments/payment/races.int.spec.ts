import { eventually, times } from '@madang/kernel/testing';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PaymentsYard, paymentsYard } from '../testing/yard.ts';

const RACES = 100;
let yard: PaymentsYard;
let accountId: string;

beforeAll(async () => {
  yard = await paymentsYard({ replicas: 2 });
  accountId = await yard.payer();
});
afterAll(() => yard?.close());

const order = () => ({ accountId, reference: uuidv7() });
const final = (reference: string) =>
  eventually(async () => {
    const payment = await yard.payment(reference);
    if (payment?.status === 'APPROVED' || payment?.status === 'CANCELLED') return payment;
    throw new Error(`it is ${payment?.status}`);
  });

describe('a hundred races on two replicas', () => {
  it('of four approvals each: one payment, one charge, one event', () =>
    times(RACES, async () => {
      const wanted = order();
      const answers = await Promise.all([1, 2, 3, 4].map(() => yard.approve(wanted)));
      const [{ data }] = answers as [(typeof answers)[0]];
      expect(answers.map((answer) => answer.data)).toEqual([data, data, data, data]);
      expect(data?.status).toBe('APPROVED');
      expect(await yard.ledger(data?.id ?? '')).toEqual({ charges: 1, refunds: 0, net: 10_000 });
      expect(await yard.events(data?.id ?? '')).toEqual(['PaymentApproved']);
    }));

  it('of four cancellations each: one refund, one event', () =>
    times(RACES, async () => {
      const wanted = order();
      const { data } = await yard.approve(wanted);
      await Promise.all([1, 2, 3, 4].map(() => yard.cancel(wanted)));
      expect((await final(wanted.reference)).status).toBe('CANCELLED');
      expect(await yard.ledger(data?.id ?? '')).toEqual({ charges: 1, refunds: 1, net: 0 });
      expect(await yard.events(data?.id ?? '')).toEqual(['PaymentApproved', 'PaymentCancelling', 'PaymentCancelled']);
    }));

  it.each([
    ['without latency', 0],
    ['with a slow processor', 20],
  ])('of an approval and a cancellation, %s: it ends cancelled, and nobody has paid', async (_, latency) => {
    await yard.sandbox(`"latencyMinMs" = 0, "latencyMaxMs" = ${latency}`);
    const before = { tombstones: 0, refunded: 0, never: 0 };
    await times(RACES, async (turn) => {
      const wanted = order();
      const late = (run: () => Promise<unknown>) => new Promise((done) => setTimeout(() => done(run()), (turn % 10) * (1 + latency / 10)));
      await Promise.all([yard.approve(wanted), late(() => yard.cancel(wanted))]);
      await eventually(async () => (await yard.payment(wanted.reference))?.status === 'CANCELLED');
      const payment = await final(wanted.reference);
      const ledger = await yard.ledger(payment.id);
      expect(ledger?.net).toBe(0);
      expect(payment.refunded).toBe((ledger?.charges ?? 0) * 10_000);
      if (payment.amount === 0) before.tombstones++;
      else before[payment.refunded > 0 ? 'refunded' : 'never']++;
    });
    expect(before.tombstones + before.refunded + before.never).toBe(RACES);
    await yard.sandbox('"latencyMinMs" = NULL, "latencyMaxMs" = NULL');
  });

  it('of approvals and cancellations under an outage that comes and goes: books and payments agree in the end', async () => {
    const all: { reference: string; cancelled: boolean }[] = [];
    let over = false;
    const switching = (async () => {
      for (let turn = 0; !over; turn++) {
        await yard.sandbox(`outage = ${turn % 3 === 0}, "answersLost" = ${turn % 3 === 1}`);
        await new Promise((next) => setTimeout(next, 15));
      }
      await yard.sandbox('outage = false, "answersLost" = false');
    })();
    await times(RACES, async (turn) => {
      const wanted = order();
      const cancelled = turn % 2 === 0;
      all.push({ reference: wanted.reference, cancelled });
      await Promise.all([yard.approve(wanted), cancelled && yard.cancel(wanted), yard.approve(wanted)]);
    });
    over = true;
    await switching;
    for (const { reference, cancelled } of all) {
      await eventually(async () => (await yard.payment(reference))?.status === (cancelled ? 'CANCELLED' : 'APPROVED'), {
        withinMs: 20_000,
      });
      const payment = await final(reference);
      const ledger = await yard.ledger(payment.id);
      expect(ledger?.net).toBe(cancelled ? 0 : 10_000);
      expect(payment.refunded).toBe((ledger?.refunds ?? 0) * 10_000);
    }
    await eventually(async () => (await yard.openIntents()).length === 0);
    expect(await yard.disagreements()).toEqual([]);
  });
});
