import { anonymous } from '@madang/kernel/domain';
import { eventually } from '@madang/kernel/testing';
import { PaymentApproved, PaymentDeclined } from '@madang/payments/events';
import { uuidv7 } from 'uuidv7';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { address, type RunningApplications, runningApplications } from './testing/running-applications.ts';

let running: RunningApplications;
beforeAll(async () => {
  running = await runningApplications();
});
afterEach(() => {
  running.payments.says.now = 'APPROVED';
  running.payments.says.before = undefined;
});
afterAll(() => running?.close());

const applied = async (id: string) =>
  running.rows<{ status: string; version: number }>('SELECT * FROM "TextbookApplication" WHERE id = $1', id);
const callsFor = (id: string) => running.payments.calls.filter(({ reference }) => reference === id);
/** Payments are well again, and the breaker has noticed. */
const recover = async () => {
  running.payments.says.now = 'APPROVED';
  const student = running.student();
  await eventually(async () => (await running.apply(student)).data?.status === 'PAID');
};

describe('applying', () => {
  it('is paid in the request, at the price of the catalogue', async () => {
    const student = running.student();
    const { data } = await running.apply(student);
    expect(data).toMatchObject({
      status: 'PAID',
      notice: null,
      title: '수학의 기초',
      quantity: 2,
      amount: 36_000,
      address: { recipient: '김하늘', line2: '3층' },
      account: { id: student.accountId },
      book: { id: running.bookId, price: 18_000 },
      payment: { id: running.payments.made.get(data?.id ?? '')?.id },
      delivery: null,
    });
    const id = data?.id ?? '';
    expect(callsFor(id)).toEqual([
      {
        mutation: 'approve',
        accountId: student.accountId,
        context: 'applications',
        reference: id,
        amount: 36_000,
        orderName: '수학의 기초 2권',
        idempotencyKey: id,
      },
    ]);
    expect(await running.published(id)).toEqual(['TextbookApplied', 'TextbookApplicationPaid']);
    expect(await running.intents(id)).toEqual([]);
    expect((await running.application(id, student)).data).toEqual(data);
  });

  it('is rejected with the reason when the payment is declined', async () => {
    running.payments.says.now = 'DECLINED';
    const { data } = await running.apply(running.student());
    expect(data).toMatchObject({ status: 'REJECTED', rejectedReason: 'INSUFFICIENT_FUNDS', payment: { id: expect.any(String) } });
    expect(await running.published(data?.id ?? '')).toEqual(['TextbookApplied', 'TextbookApplicationRejected']);
  });

  it('is refused without a payment method, leaves nothing that is theirs, and the key can be used again', async () => {
    const student = running.student();
    const once = { idempotencyKey: 'mine' };
    running.payments.says.now = 'PAYMENT_METHOD_REQUIRED';
    expect(await running.apply(student, once)).toMatchObject({ data: null, refusal: { code: 'PAYMENT_METHOD_REQUIRED' } });
    const [refused] = await running.rows<{ id: string }>('SELECT id FROM "TextbookApplication" WHERE "accountId" = $1', student.accountId);
    const id = refused?.id ?? '';
    expect((await running.application(id, student)).refusal?.code).toBe('NOT_FOUND');
    expect((await running.cancel(id, student)).refusal?.code).toBe('NOT_FOUND');
    expect(await running.intents(id)).toEqual([]);
    expect(await running.rows('SELECT data FROM kernel.outbox WHERE key = $1 ORDER BY seq DESC LIMIT 1', id)).toMatchObject([
      { data: { status: 'REJECTED', kept: false } },
    ]);
    running.payments.says.now = 'APPROVED';
    const { data } = await running.apply(student, once);
    expect(data).toMatchObject({ status: 'PAID' });
    expect(data?.id).not.toBe(id);
  });

  it('with the same key is the same application, with other input a conflict', async () => {
    const student = running.student();
    const once = { idempotencyKey: uuidv7() };
    const answers = await Promise.all([1, 2, 3, 4].map(() => running.apply(student, once)));
    const [first] = answers;
    expect(new Set(answers.map(({ data }) => data?.id)).size).toBe(1);
    expect((await running.apply(student, once)).data).toMatchObject({ id: first?.data?.id, status: 'PAID' });
    expect((await running.apply(student, { ...once, quantity: 3 })).refusal).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    expect(await running.published(first?.data?.id ?? '')).toEqual(['TextbookApplied', 'TextbookApplicationPaid']);
    const other = await running.apply(running.student(), once);
    expect(other.data?.id).not.toBe(first?.data?.id);
  });

  it('is refused with the field at fault, and keeps no row', async () => {
    const count = async () => (await running.rows<{ count: number }>('SELECT count(*)::int FROM "TextbookApplication"'))[0]?.count;
    const before = await count();
    const student = running.student();
    const wrong: [string, object][] = [
      ['bookId', { bookId: 'x' }],
      ['quantity', { quantity: 0 }],
      ['address.postalCode', { address: { ...address, postalCode: 'x' } }],
      ['idempotencyKey', { idempotencyKey: '' }],
    ];
    for (const [field, input] of wrong) expect((await running.apply(student, input)).refusal).toMatchObject({ code: 'BAD_INPUT', field });
    expect((await running.apply(student, { bookId: uuidv7() })).refusal?.code).toBe('NOT_FOUND');
    expect((await running.apply(anonymous)).refusal?.code).toBe('UNAUTHENTICATED');
    expect(await count()).toBe(before);
  });
});

describe('while payments are out', () => {
  it('is deferred within a second, told so, and paid by itself when they are back', async () => {
    const student = running.student();
    running.payments.says.now = 'SILENT';
    const { data, took } = await running.apply(student);
    expect(took).toBeLessThan(1_000);
    expect(data).toMatchObject({ status: 'PAYMENT_DEFERRED', notice: expect.stringContaining('결제가 지연되고 있습니다'), payment: null });
    const id = data?.id ?? '';
    await recover();
    await eventually(async () => (await running.application(id, student)).data?.status === 'PAID');
    expect(await running.published(id)).toEqual(['TextbookApplied', 'TextbookPaymentDeferred', 'TextbookApplicationPaid']);
    expect(await running.intents(id)).toEqual([]);
  });

  it('answers at once when the breaker is open, and asks nobody', async () => {
    running.payments.says.now = 'OUT';
    const student = running.student();
    await eventually(async () => {
      const before = running.payments.calls.length;
      const { took, data } = await running.apply(student);
      return data?.status === 'PAYMENT_DEFERRED' && running.payments.calls.length === before && took < 100;
    });
    await recover();
  });

  it('is rejected when it is declined later', async () => {
    const student = running.student();
    running.payments.says.now = 'OUT';
    const { data } = await running.apply(student);
    running.payments.moods.set(student.accountId, 'DECLINED');
    await recover();
    await eventually(async () => (await running.application(data?.id ?? '', student)).data?.status === 'REJECTED');
    expect((await running.application(data?.id ?? '', student)).data).toMatchObject({ rejectedReason: 'INSUFFICIENT_FUNDS', notice: null });
  });

  it('is rejected, and stays theirs, when there is no payment method later', async () => {
    const student = running.student();
    running.payments.says.now = 'OUT';
    const { data } = await running.apply(student);
    running.payments.moods.set(student.accountId, 'PAYMENT_METHOD_REQUIRED');
    await recover();
    await eventually(async () => (await running.application(data?.id ?? '', student)).data?.status === 'REJECTED');
    expect((await running.application(data?.id ?? '', student)).data?.rejectedReason).toBe('PAYMENT_METHOD_REQUIRED');
  });

  it('is never paid when it was cancelled meanwhile', async () => {
    const student = running.student();
    running.payments.says.now = 'OUT';
    const { data } = await running.apply(student);
    const id = data?.id ?? '';
    expect((await running.cancel(id, student)).data).toMatchObject({ status: 'CANCELLING', notice: null });
    const asked = callsFor(id).length;
    expect(await running.intents(id)).toEqual([]);
    await recover();
    const later = await running.apply(student);
    expect(later.data?.status).toBe('PAID');
    expect(callsFor(id)).toHaveLength(asked);
  });

  it('waits as well when payments refuse what is none of the student’s fault', async () => {
    const { student, data } = await running.applied('FORBIDDEN');
    expect(data?.status).toBe('PAYMENT_DEFERRED');
    running.payments.moods.delete(student.accountId);
    await eventually(async () => (await running.application(data?.id ?? '', student)).data?.status === 'PAID', { withinMs: 15_000 });
  });
});

describe('an answer that is lost', () => {
  it('is learnt from the event, whatever came first', async () => {
    const { student, data, id } = await running.applied('LOST');
    expect(data?.status).toBe('PAYMENT_DEFERRED');
    const payment = running.payments.made.get(id);
    await running.publish(PaymentApproved, { paymentId: payment?.id, accountId: student.accountId, reference: id }, 3);
    await eventually(async () => (await running.application(id, student)).data?.status === 'PAID');
    expect((await running.application(id, student)).data?.payment).toEqual({ id: payment?.id });
    expect(await running.published(id)).toEqual(['TextbookApplied', 'TextbookPaymentDeferred', 'TextbookApplicationPaid']);
    expect(await running.intents(id)).toEqual([]);
  });

  it('is learnt from the event before the answer comes', async () => {
    const student = running.student();
    running.payments.says.before = async ({ accountId, reference }) => {
      if (accountId !== student.accountId) return;
      await running.publish(PaymentDeclined, { accountId, reference, paymentId: uuidv7() });
      await eventually(async () => (await applied(reference))[0]?.status === 'REJECTED');
    };
    const { data } = await running.apply(student);
    expect(data).toMatchObject({ status: 'REJECTED', rejectedReason: 'INSUFFICIENT_FUNDS' });
    expect(await running.published(data?.id ?? '')).toEqual(['TextbookApplied', 'TextbookApplicationRejected']);
  });

  it("is no business of ours when it is another context's payment", async () => {
    const student = running.student();
    running.payments.says.now = 'OUT';
    const { data } = await running.apply(student);
    const reference = data?.id ?? '';
    await running.publish(PaymentApproved, { accountId: student.accountId, reference, context: 'reservations' });
    await running.publish(PaymentDeclined, { accountId: student.accountId, reference, paymentId: uuidv7() });
    await eventually(async () => (await running.application(reference, student)).data?.status === 'REJECTED');
    await recover();
  });
});
