import { eventually } from '@madang/kernel/testing';
import { PaymentApproved } from '@madang/payments/events';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApplications, runningApplications } from './testing/running-applications.ts';

const DAY = 24 * 3_600_000;
let ahead = 0;
let running: RunningApplications;
beforeAll(async () => {
  running = await runningApplications({ clock: { now: () => new Date(Date.now() + ahead) } });
});
afterAll(() => running?.close());

const mutations = (id: string) => running.payments.calls.filter(({ reference }) => reference === id).map(({ mutation }) => mutation);

/** An application as a crash leaves it that comes between storing and paying. */
async function orphan() {
  const { student, id } = await running.applied('OUT');
  await running.rows(`UPDATE "TextbookApplication" SET status = 'APPLIED' WHERE id = $1`, id);
  const status = async () => (await running.application(id, student)).data?.status;
  return { student, id, status };
}

describe('after a crash before the call', () => {
  it('is paid by the sweep', async () => {
    const { id, student, status } = await orphan();
    running.payments.moods.delete(student.accountId);
    await eventually(async () => (await status()) === 'PAID', { withinMs: 15_000 });
    expect(await running.intents(id)).toEqual([]);
  });

  it('stays theirs when there is no payment method: nobody has told them', async () => {
    const { id, student, status } = await orphan();
    running.payments.moods.set(student.accountId, 'PAYMENT_METHOD_REQUIRED');
    await eventually(async () => (await status()) === 'REJECTED', { withinMs: 15_000 });
    expect((await running.application(id, student)).data?.rejectedReason).toBe('PAYMENT_METHOD_REQUIRED');
  });
});

describe('after 24 hours', () => {
  it('has expired, and whatever was charged is given back', async () => {
    const { student, data, id } = await running.applied('LOST');
    expect(data?.status).toBe('PAYMENT_DEFERRED');
    running.payments.moods.set(student.accountId, 'OUT');
    ahead = DAY - 60_000;
    const asked = mutations(id).length;
    await eventually(() => mutations(id).length > asked);
    expect((await running.application(id, student)).data?.status).toBe('PAYMENT_DEFERRED');
    ahead = DAY;
    await eventually(async () => (await running.application(id, student)).data?.status === 'EXPIRED', { withinMs: 15_000 });
    expect((await running.application(id, student)).data?.rejectedReason).toBe('NOT_PAID_IN_TIME');
    await eventually(() => mutations(id).includes('cancel'));
    expect(await running.intents(id)).toEqual([{ kind: 'give-back-payment' }]);
    running.payments.moods.delete(student.accountId);
    await eventually(async () => (await running.intents(id)).length === 0, { withinMs: 15_000 });
    expect(running.payments.made.get(id)?.status).toBe('CANCELLED');
    expect(await running.published(id)).toEqual(['TextbookApplied', 'TextbookPaymentDeferred', 'TextbookApplicationRejected']);
  });
});

describe('an approval that comes after the end', () => {
  it('is given back, once', async () => {
    const { student, data, id } = await running.applied('DECLINED');
    const approval = { accountId: student.accountId, reference: id, paymentId: data?.payment?.id ?? uuidv7() };
    await running.publish(PaymentApproved, approval, 3);
    await eventually(() => mutations(id).includes('cancel'));
    await eventually(async () => (await running.intents(id)).length === 0);
    expect(mutations(id)).toEqual(['approve', 'cancel']);
    expect((await running.application(id, student)).data?.status).toBe('REJECTED');
  });

  it('is given back also for one that the student never saw', async () => {
    const student = running.student();
    running.payments.moods.set(student.accountId, 'PAYMENT_METHOD_REQUIRED');
    await running.apply(student);
    const [hidden] = await running.rows<{ id: string }>('SELECT id FROM "TextbookApplication" WHERE "accountId" = $1', student.accountId);
    const id = hidden?.id ?? '';
    await running.publish(PaymentApproved, { accountId: student.accountId, reference: id, paymentId: uuidv7() });
    await eventually(() => mutations(id).includes('cancel'));
    expect((await running.application(id, student)).refusal?.code).toBe('NOT_FOUND');
  });
});
