import { anonymous } from '@madang/kernel/domain';
import { eventually } from '@madang/kernel/testing';
import { PaymentApproved } from '@madang/payments/events';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { manager, PHONE, type RunningTickets, runningTickets, type Shown } from './testing/running-tickets.ts';

let running: RunningTickets;
beforeAll(async () => {
  running = await runningTickets();
});
beforeEach(() => {
  running.payments.says.now = 'APPROVED';
  running.payments.says.before = undefined;
});
afterAll(() => running?.close());

const callsOf = (accountId: string) => running.payments.calls.filter((call) => call.accountId === accountId);
const rowsOf = (accountId: string) => running.rows('SELECT status FROM "Ticket" WHERE "accountId" = $1', accountId);

describe('buying a ticket', () => {
  it('is paid when the answer comes', async () => {
    const customer = running.customer();
    const { data, refusal } = await running.purchase(customer, { type: 'ONE_DAY' });
    expect(refusal).toBeUndefined();
    const { accountId } = customer;
    expect(data).toMatchObject({ status: 'AVAILABLE', type: 'ONE_DAY', amount: 2_000, usingMinutes: 1_440, account: { id: accountId } });
    expect(callsOf(accountId)).toMatchObject([{ mutation: 'approve', context: 'tickets', reference: data?.id, amount: 2_000 }]);
    expect(await running.published(data?.id ?? '')).toEqual(['TicketPurchased']);
    expect(await running.intents(data?.id ?? '')).toEqual([{ kind: 'expire-ticket' }]);
  });

  it('shows the telephone number to who gave it, and tells it to nobody', async () => {
    const customer = running.customer();
    const { data } = await running.purchase(customer);
    expect(data?.phone).toBe('01012345678');
    expect((await running.ticket(data?.id ?? '', manager))?.phone).toBe('010****5678');
    const told = await running.rows<{ all: string }>('SELECT string_agg(data::text, $1) AS all FROM kernel.outbox', ' ');
    for (const form of [PHONE, '01012345678', '12345678']) expect(told[0]?.all).not.toContain(form);
    const { refusal } = await running.purchase(customer, { phone: '010-12' });
    expect(refusal).toMatchObject({ code: 'BAD_INPUT', field: 'phone' });
    expect(JSON.stringify(refusal)).not.toContain('010-12');
  });

  it.each([
    ['PAYMENT_METHOD_REQUIRED', 'PAYMENT_METHOD_REQUIRED'],
    ['DECLINED', 'PAYMENT_DECLINED'],
    ['CANCELLED', 'TRY_AGAIN_LATER'],
  ] as const)('is refused when payments say %s, and leaves nothing behind but a key that is free again', async (mood, code) => {
    const customer = running.customer();
    running.payments.says.now = mood;
    const idempotencyKey = 'one wish';
    expect((await running.purchase(customer, { idempotencyKey })).refusal?.code).toBe(code);
    expect(await rowsOf(customer.accountId)).toEqual([]);
    running.payments.says.now = 'APPROVED';
    expect((await running.purchase(customer, { idempotencyKey })).data?.status).toBe('AVAILABLE');
    expect(callsOf(customer.accountId).filter(({ mutation }) => mutation === 'cancel')).toEqual([]);
  });

  it.each(['OUT', 'SILENT', 'LOST', 'FORBIDDEN'] as const)(
    'is refused within a second and given back once when payments are %s',
    async (mood) => {
      const customer = running.customer();
      running.payments.says.now = mood;
      const { refusal, took } = await running.purchase(customer);
      expect(refusal).toMatchObject({ code: 'TRY_AGAIN_LATER', retryAfterSeconds: expect.any(Number) });
      expect(took).toBeLessThan(1_500);
      expect(await rowsOf(customer.accountId)).toEqual([]);
      running.payments.says.now = 'APPROVED';
      const [{ reference } = { reference: '' }] = callsOf(customer.accountId);
      await eventually(async () => (await running.intents(reference)).length === 0, { withinMs: 20_000 });
      expect(running.payments.made.get(reference)?.status).toBe('CANCELLED');
      const { data: lists } = await running.ask<Shown[]>(
        'query ($id: ID!) { _entities(representations: [{ __typename: "Account", id: $id }]) { ... on Account { tickets { edges { node { id } } } } } }',
        { id: customer.accountId },
        customer,
      );
      expect(lists).toEqual([{ tickets: { edges: [] } }]);
    },
    30_000,
  );

  it('is given up, and given back, when the process that bought it is gone', async () => {
    const [id, accountId] = [uuidv7(), uuidv7()];
    await running.rows(
      `INSERT INTO "Ticket" (id, "accountId", type, amount, "usingMinutes", phone, "orderedAt", status, revision, "paymentCancelled", version)
       VALUES ($1, $2, 'ONE_HOUR', 1000, 60, '01012345678', now(), 'ORDERED', 0, false, 1)`,
      id,
      accountId,
    );
    await running.rows(
      `INSERT INTO kernel.intent (kind, key, payload, due_at, correlation_id) VALUES ('purchase-ticket', $1, '{}', now(), 'c')`,
      id,
    );
    await eventually(async () => (await rowsOf(accountId)).length === 0 && (await running.intents(id)).length === 0);
    expect(callsOf(accountId).map(({ mutation }) => mutation)).toEqual(['cancel']);
  });

  it('gives money back that was taken for a ticket that is not there', async () => {
    const [reference, accountId] = [uuidv7(), uuidv7()];
    await running.publish(PaymentApproved, { context: 'tickets', reference, accountId, paymentId: uuidv7() });
    await eventually(() => callsOf(accountId).length === 1);
    expect(callsOf(accountId)).toMatchObject([{ mutation: 'cancel', context: 'tickets', reference }]);
  });

  it('happens once for an idempotency key', async () => {
    const customer = running.customer();
    const input = { idempotencyKey: 'k', type: 'ONE_HOUR' };
    const answers = await Promise.all([1, 2, 3].map(() => running.purchase(customer, input)));
    const again = await running.purchase(customer, input);
    expect(new Set([...answers, again].map(({ data }) => data?.id)).size).toBe(1);
    expect(new Set(callsOf(customer.accountId).map(({ reference }) => reference)).size).toBe(1);
    expect(await rowsOf(customer.accountId)).toEqual([{ status: 'AVAILABLE' }]);
    expect((await running.purchase(customer, { ...input, type: 'ONE_DAY' })).refusal?.code).toBe('IDEMPOTENCY_CONFLICT');
    expect((await running.purchase(anonymous)).refusal?.code).toBe('UNAUTHENTICATED');
  });
});
