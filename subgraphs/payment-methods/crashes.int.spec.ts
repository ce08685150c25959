import { createHash } from 'node:crypto';
import type { User } from '@madang/kernel/domain';
import { eventually } from '@madang/kernel/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PaymentMethodsYard, paymentMethodsYard } from './testing/yard.ts';

let yard: PaymentMethodsYard;
beforeAll(async () => {
  yard = await paymentMethodsYard();
});
afterAll(() => yard?.close());

const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id).sort();

async function expectAgreement(who: User): Promise<void> {
  const shown = await yard.list(who);
  const active = (await yard.keys(who)).filter(({ status }) => status === 'ACTIVE');
  expect(ids(active)).toEqual(ids(shown));
  for (const { id, maskedNumber } of shown) expect(maskedNumber.slice(-4)).toBe(active.find((key) => key.id === id)?.last4);
  expect(shown.find(({ isDefault }) => isDefault)?.maskedNumber.slice(-4) ?? null).toBe(await yard.charged(who));
}

it('kill -9 in the middle of changes leaves the two contexts in agreement', async () => {
  await yard.sandbox('"latencyMinMs" = 0, "latencyMaxMs" = 60');
  const customers = Array.from({ length: 12 }, () => yard.customer());
  for (const who of customers.slice(6)) await yard.register(who, '4111111111111111');
  for (const victim of [yard.methods, yard.payments, yard.methods]) {
    const busy = customers.map(async (who, at) => {
      const [method] = await yard.list(who).catch(() => []);
      if (!method) return yard.register(who);
      if (at % 3 === 0) return yard.run(who, 'changePaymentMethod', { paymentMethodId: method.id, number: '5555555555554444' });
      return yard.run(who, at % 3 === 1 ? 'removePaymentMethod' : 'makePaymentMethodDefault', { paymentMethodId: method.id });
    });
    const all = Promise.allSettled(busy);
    await new Promise((next) => setTimeout(next, 20 + Math.random() * 60));
    await victim.kill('SIGKILL');
    await all;
    await victim.start();
    await eventually(async () => (await yard.intents()).length === 0, { withinMs: 20_000 });
    for (const who of customers) await expectAgreement(who);
  }
});

it('keeps and tells a number nowhere', async () => {
  const who = yard.customer();
  const number = '4012888888881881';
  const { data } = await yard.register(who, number, { idempotencyKey: 'mine' });
  await yard.register(who, '4000000000000127');
  await yard.register(who, `${number}0`);
  await yard.sandbox('outage = true');
  const other = await yard.register(yard.customer(), number);
  await yard.sandbox('outage = false');
  await yard.run(who, 'changePaymentMethod', { paymentMethodId: data?.id, number: '4000056655665556' });
  expect(other.code).toBe('TRY_AGAIN_LATER');

  const kept: string[] = [yard.methods.output, yard.payments.output, JSON.stringify(other)];
  for (const where of ['own', 'theirs'] as const) {
    const tables = await yard.rows<{ name: string }>(
      where,
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('public', 'kernel')`,
    );
    for (const { name } of tables) kept.push(JSON.stringify(await yard.rows(where, `SELECT * FROM ${name}`)));
  }
  const all = kept.join('\n');
  expect(all).toContain('1881');
  for (const secret of [number, '4000056655665556', '4000000000000127']) {
    const unkeyed = ['hex', 'base64', 'base64url'].map((as) =>
      createHash('sha256')
        .update(secret)
        .digest(as as 'hex'),
    );
    for (const told of [secret, ...unkeyed]) expect(all.includes(told)).toBe(false);
  }
});
