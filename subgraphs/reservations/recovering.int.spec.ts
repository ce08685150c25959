import { eventually } from '@madang/kernel/testing';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningReservations, runningReservations } from './testing/running-reservations.ts';

let running: RunningReservations;
beforeAll(async () => {
  running = await runningReservations();
});
afterAll(() => running?.close());

const mutations = (id: string) => running.payments.calls.filter(({ reference }) => reference === id).map(({ mutation }) => mutation);

/** A reservation as a crash leaves it that comes after storing it, whether payments were called by then or not. */
async function orphan() {
  const customer = running.customer();
  const id = uuidv7();
  await running.rows(
    `INSERT INTO "CleaningReservation" ("id", "accountId", "planId", "title", "minutes", "amount", "place", "cleaningAt", "status", "reservedAt", "updatedAt", "version")
     VALUES ($1, $2, $3, '원룸 청소', 120, 49000, '월드컵북로 1', '2099-11-25T01:00:00Z', 'PENDING', now(), now(), 1)`,
    id,
    customer.accountId,
    running.planId,
  );
  await running.rows(
    `INSERT INTO kernel.idempotency (scope, key, input_hash, result) VALUES ($1, 'k', 'h', $2)`,
    `reserveCleaning by ${customer.accountId}`,
    id,
  );
  await running.rows(
    `INSERT INTO kernel.intent (kind, key, payload, due_at, correlation_id) VALUES ('approve-payment', $1, '{}', now(), 'c')`,
    id,
  );
  return { id, customer };
}

describe('after a crash in the middle of reserving', () => {
  it('there is no reservation, and whatever was charged is given back, once', async () => {
    const orphans = await Promise.all(Array.from({ length: 5 }, orphan));
    for (const { id } of orphans) running.payments.made.set(id, { id: uuidv7(), status: 'APPROVED', declineReason: null });
    for (const { id, customer } of orphans) {
      await eventually(async () => (await running.intents(id)).length === 0);
      expect(mutations(id)).toEqual(['cancel']);
      expect(running.payments.made.get(id)?.status).toBe('CANCELLED');
      expect((await running.reservation(id, customer)).refusal?.code).toBe('NOT_FOUND');
      expect(await running.published(id)).toEqual([]);
      expect((await running.reserve(customer, { idempotencyKey: 'k' })).data?.status).toBe('RESERVED');
    }
  });

  it('is tried until payments are back', async () => {
    running.payments.says.now = 'OUT';
    const { id } = await orphan();
    await eventually(() => mutations(id).length > 1);
    expect(await running.intents(id)).toEqual([{ kind: 'give-back-payment' }]);
    running.payments.says.now = 'APPROVED';
    await eventually(async () => (await running.intents(id)).length === 0, { withinMs: 15_000 });
    expect(running.payments.made.get(id)?.status).toBe('CANCELLED');
  });
});
