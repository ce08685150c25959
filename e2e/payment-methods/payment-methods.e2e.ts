import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { breakEventOf } from '../harness/broker.ts';
import { refusalToReserve, reserve, tryToReserve } from '../harness/cleaning.ts';
import { expectEachMessageOnce, expectEachPageRowOnce } from '../harness/effects.ts';
import { expectLedgerToEqualPayments } from '../harness/ledger.ts';
import { expectTold, watchMessages } from '../harness/messages.ts';
import { expectToPaginateAndFilter } from '../harness/pages.ts';
import {
  CHANGE,
  card,
  changeNumber,
  chargesOf,
  expectAgreement,
  keptOf,
  MAKE_DEFAULT,
  makeDefault,
  methodsOf,
  type PaymentMethod,
  REGISTER,
  REMOVE,
  register,
  registerPatiently,
  remove,
} from '../harness/payment-methods.ts';
import { anonymous, CARD, demo, newCustomer, type Person } from '../harness/people.ts';
import { untilQuiet } from '../harness/quiet.ts';
import { mistyped, newCardNumber, withDashes, withSpaces } from '../harness/secret-numbers.ts';
import { type System, startSystem } from '../harness/system.ts';
import { apply, becomes, refusalToApply } from '../harness/textbooks.ts';
import { eventually, sideBySide, timed, upTo } from '../harness/until.ts';
import { expectNoNumberAnywhere } from './numbers-nowhere.ts';

const A_SECOND = 1_000;
const code = (is: string) => ({ extensions: { code: is } });
const TRY_AGAIN_LATER = { extensions: { code: 'TRY_AGAIN_LATER', retryAfterSeconds: expect.any(Number) } };

let system: System;
/** All that clients were told when something was wrong. */
const errors: string[] = [];

beforeAll(async () => {
  system = await startSystem({
    processes: ['payments', 'payment-methods'],
    env: {
      LOG_LEVEL: 'trace',
      PAYMENT_METHODS_TO_PAYMENTS_BREAKER_OPEN_MS: '1000',
      RESERVATIONS_TO_PAYMENTS_BREAKER_OPEN_MS: '1000',
      APPLICATIONS_TO_PAYMENTS_BREAKER_OPEN_MS: '1000',
    },
  });
});
afterAll(() => system?.stop());

const nobodyYet = () => newCustomer(system, { card: null });

async function refusal(person: Pick<Person, 'refusal'>, mutation: string, input: object) {
  const error = await person.refusal(mutation, { input });
  errors.push(JSON.stringify(error));
  return error;
}

const charges = (person: Person) => chargesOf(system, person);

describe('a customer', () => {
  test('registers a payment method, and it can be charged before the answer is there; each change is told', async () => {
    const customer = await nobodyYet();
    const messages = await watchMessages(customer);
    const [number, next, second] = [newCardNumber(), newCardNumber(), newCardNumber()];
    const method = await register(customer, number);
    expect(await keptOf(system, customer)).toMatchObject({ keys: [`${method.id} ${number.slice(-4)} default`] });
    expect(method).toMatchObject({ kind: 'CREDIT_CARD', maskedNumber: `****-****-****-${number.slice(-4)}`, isDefault: true });
    await reserve(customer);
    await expectTold(messages, ['PAYMENT_METHOD_REGISTERED', 'PAYMENT_APPROVED', 'CLEANING_RESERVED']);

    expect((await changeNumber(customer, { paymentMethodId: method.id, number: next })).maskedNumber).toMatch(next.slice(-4));
    const other = await register(customer, second);
    expect(other.isDefault).toBe(false);
    await makeDefault(customer, { paymentMethodId: other.id });
    await remove(customer, { paymentMethodId: method.id });
    await expectTold(messages, [
      ...['PAYMENT_METHOD_REGISTERED', 'PAYMENT_APPROVED', 'CLEANING_RESERVED', 'PAYMENT_METHOD_CHANGED'],
      ...['PAYMENT_METHOD_REGISTERED', 'PAYMENT_METHOD_MADE_DEFAULT', 'PAYMENT_METHOD_REMOVED'],
    ]);
    await reserve(customer);
    expect((await charges(customer)).map(({ last4 }) => last4)).toEqual([number.slice(-4), second.slice(-4)]);
    expect(await expectAgreement(system, customer)).toEqual([`${other.id} ${second.slice(-4)} default`]);
  });

  test('who removes the default gets no other one silently: every payment is refused until one is made the default', async () => {
    const customer = await nobodyYet();
    const first = await register(customer, newCardNumber());
    const second = await register(customer, newCardNumber());
    await remove(customer, { paymentMethodId: first.id });
    expect(await methodsOf(customer)).toEqual([{ ...second, isDefault: false }]);
    expect(await refusalToReserve(customer)).toMatchObject(code('PAYMENT_METHOD_REQUIRED'));
    expect(await refusalToApply(customer)).toMatchObject(code('PAYMENT_METHOD_REQUIRED'));
    expect(await charges(customer)).toEqual([]);
    await makeDefault(customer, { paymentMethodId: second.id });
    expect(await reserve(customer)).toMatchObject({ status: 'RESERVED' });
    expect((await charges(customer)).map(({ last4 }) => last4)).toEqual([second.maskedNumber.slice(-4)]);
  });

  test('may type a number with spaces or hyphens; one that no card can have is refused, and not repeated to anybody', async () => {
    const customer = await nobodyYet();
    const numbers = [newCardNumber(), newCardNumber()] as const;
    const spaced = await register(customer, withSpaces(numbers[0]), { idempotencyKey: 'typed' });
    const dashed = await register(customer, withDashes(numbers[1]));
    expect([spaced, dashed].map(({ maskedNumber }) => maskedNumber.slice(-4))).toEqual(numbers.map((number) => number.slice(-4)));
    expect((await register(customer, numbers[0], { idempotencyKey: 'typed' })).id).toBe(spaced.id);
    const paymentMethodId = spaced.id;

    for (const typed of [(number: string) => number, withSpaces, withDashes]) {
      const bad = { extensions: { code: 'BAD_INPUT', field: 'number' } };
      const wrong = typed(mistyped(newCardNumber()));
      expect(await refusal(customer, REGISTER, card(wrong))).toMatchObject(bad);
      expect(await refusal(customer, REGISTER, card(`${typed(newCardNumber())}0000`))).toMatchObject(bad);
      expect(await refusal(customer, REGISTER, { kind: 'BANK_ACCOUNT', number: `${typed(newCardNumber())}1` })).toMatchObject(bad);
      expect(await refusal(customer, CHANGE, { paymentMethodId, number: wrong })).toMatchObject(bad);
      const declined = typed('4000000000000127');
      expect(await refusal(customer, REGISTER, card(declined))).toMatchObject(code('PAYMENT_METHOD_DECLINED'));
      expect(await refusal(customer, CHANGE, { paymentMethodId, number: declined })).toMatchObject(code('PAYMENT_METHOD_DECLINED'));
      // What GraphQL itself finds wrong, in the variables and in the document.
      await refusal(customer, REGISTER, { kind: 'CASH', number: typed(newCardNumber()) });
      await refusal(customer, REGISTER, { ...card(typed(newCardNumber())), cvc: '123' });
      await refusal(customer, REGISTER, { ...card(typed(newCardNumber())), idempotencyKey: ['a', 'b'] });
      await refusal(customer, CHANGE, { number: typed(newCardNumber()) });
      const inline = (kind: string) =>
        `mutation { registerPaymentMethod(input: { kind: ${kind}, number: "${typed(newCardNumber())}" }) { id } }`;
      await refusal(customer, inline('CASH'), {}); // wrong on purpose
      await refusal(customer, `${inline('CREDIT_CARD')} }`, {}); // wrong on purpose
      await refusal(anonymous(system), REGISTER, card(typed(newCardNumber())));
      await customer.data(inline('DEBIT_CARD'));
    }
    await refusal(customer, REGISTER, { kind: 'CREDIT_CARD', number: Number(newCardNumber()) });
    await refusal(customer, `mutation { registerPaymentMethod(input: { kind: CREDIT_CARD, number: ${newCardNumber()} }) { id } }`, {});
    expect(await methodsOf(customer)).toHaveLength(5);
  });

  test('acts on their own methods only: neither a stranger nor a manager can change, remove or make another’s the default', async () => {
    const [owner, stranger, manager] = [await nobodyYet(), await nobodyYet(), await demo(system, 'manager')];
    const { id: paymentMethodId } = await register(owner, newCardNumber());
    const READ = 'query($id: ID!) { paymentMethod(id: $id) { id } }';
    const before = await expectAgreement(system, owner);
    for (const who of [stranger, manager, await demo(system, 'admin')]) {
      expect(await refusal(who, CHANGE, { paymentMethodId, number: newCardNumber() })).toMatchObject(code('NOT_FOUND'));
      for (const mutation of [MAKE_DEFAULT, REMOVE])
        expect(await refusal(who, mutation, { paymentMethodId })).toMatchObject(code('NOT_FOUND'));
    }
    expect(await refusal(anonymous(system), REMOVE, { paymentMethodId })).toMatchObject(code('UNAUTHENTICATED'));
    expect(await stranger.refusal(READ, { id: paymentMethodId })).toMatchObject(code('NOT_FOUND'));
    expect(await manager.data(READ, { id: paymentMethodId })).toEqual({ paymentMethod: { id: paymentMethodId } });
    expect(await expectAgreement(system, owner)).toEqual(before);
  });

  test('finds all methods in a list, which paginates and filters by status', async () => {
    const customer = await nobodyYet();
    const methods: PaymentMethod[] = [];
    for (const _ of upTo(5)) methods.push(await register(customer, newCardNumber()));
    const removed = methods.slice(0, 2).map(({ id }) => id);
    for (const paymentMethodId of removed) await remove(customer, { paymentMethodId });
    await expectToPaginateAndFilter(customer, { at: 'me paymentMethods', statuses: ['REGISTERED'] });
    const REMOVED = '{ me { paymentMethods(status: REMOVED) { edges { node { id status } } } } }';
    const edges = removed.toReversed().map((id) => ({ node: { id, status: 'REMOVED' } }));
    expect(await customer.data(REMOVED)).toEqual({ me: { paymentMethods: { edges } } });
    await eventually(() => expectToPaginateAndFilter(customer, { at: 'myPage paymentMethods' }));
  });
});

/** Until payments are there for everybody again, whatever the breakers have seen. */
async function untilPaymentsAreBack(): Promise<void> {
  await system.databases.processor({});
  await registerPatiently(await nobodyYet(), newCardNumber(), 'back');
}

describe('a method that was removed or changed', () => {
  afterEach(untilPaymentsAreBack);

  test.for([
    ['removed', null],
    ['changed', null],
    ['removed', [400, 620]],
    ['changed', [400, 620]],
  ] as const)(
    'is never charged again once the customer was told that it is %s, whatever the processor takes (%j ms)',
    async ([how, latencyMs]) => {
      const customer = await nobodyYet();
      const [old, next] = [newCardNumber(), newCardNumber()];
      const { id: paymentMethodId } = await register(customer, old);
      await system.databases.processor({ latencyMs });
      let told: Date | undefined;
      let paid = 0;
      await Promise.all([
        sideBySide(upTo(24), 3, async () => {
          if ((await tryToReserve(customer)).data) paid++;
        }),
        (async () => {
          await eventually(() => paid >= (latencyMs ? 2 : 6), { everyMs: 2 });
          const input = how === 'removed' ? { paymentMethodId } : { paymentMethodId, number: next };
          const { errors: refused } = await customer.ask(how === 'removed' ? REMOVE : CHANGE, { input });
          // Not known in time: it is told as soon as it is.
          if (refused) expect(refused).toMatchObject([TRY_AGAIN_LATER]);
          await eventually(async () => {
            const numbers = (await methodsOf(customer)).map(({ maskedNumber }) => maskedNumber.slice(-4));
            return !numbers.includes(old.slice(-4));
          });
          const [row] = await system.databases.query<{ now: Date }>('payments', 'SELECT clock_timestamp() AS now');
          told = row?.now;
        })(),
      ]);
      const afterwards = async () => (await charges(customer)).filter(({ at }) => at > (told as Date)).map(({ last4 }) => last4);
      expect(await afterwards()).not.toContain(old.slice(-4));
      await untilPaymentsAreBack();
      if (how === 'removed') expect(await refusalToReserve(customer)).toMatchObject(code('PAYMENT_METHOD_REQUIRED'));
      else expect(await reserve(customer)).toMatchObject({ status: 'RESERVED' });
      expect(new Set(await afterwards())).toEqual(new Set(how === 'removed' ? [] : [next.slice(-4)]));
      await untilQuiet(system);
    },
  );

  test('is not charged either for what had been put off until after its removal', async () => {
    const customer = await nobodyYet();
    const { id: paymentMethodId } = await register(customer, newCardNumber());
    await system.databases.processor({ outage: true });
    const { id, status } = await apply(customer);
    expect(status).toBe('PAYMENT_DEFERRED');
    // What may have been charged or not is not told as removed before the processor knows; from now on nothing else is charged to it.
    expect(await refusal(customer, REMOVE, { paymentMethodId })).toMatchObject(TRY_AGAIN_LATER);
    await system.databases.processor({});
    await eventually(async () => (await methodsOf(customer)).length === 0);
    expect(await becomes(customer, id, 'REJECTED')).toMatchObject({ rejectedReason: expect.stringMatching(/METHOD/) });
    expect(await charges(customer)).toEqual([]);
  });
});

describe('while payments are down', () => {
  afterEach(untilPaymentsAreBack);

  test.for([
    ['stopped', 'SIGTERM'],
    ['hanging', 'SIGSTOP'],
  ] as const)('(%s) nothing is registered, changed or removed, the customer is told so, and nothing is left behind', async ([, signal]) => {
    const [customer, other] = [await nobodyYet(), await nobodyYet()];
    const [method, second] = [await register(customer, newCardNumber()), await register(customer, newCardNumber())];
    const before = await expectAgreement(system, customer);
    await system.madang.kill('payments', signal);
    const asked = [
      [other, REGISTER, card(newCardNumber())],
      [customer, CHANGE, { paymentMethodId: method.id, number: newCardNumber() }],
      [customer, MAKE_DEFAULT, { paymentMethodId: second.id }],
      [customer, REMOVE, { paymentMethodId: method.id }],
    ] as const;
    for (const [who, mutation, input] of signal === 'SIGSTOP' ? asked.slice(0, 2) : asked) {
      const { result, ms } = await timed(() => refusal(who, mutation, input));
      expect(result).toMatchObject(TRY_AGAIN_LATER);
      expect(ms).toBeLessThan(2 * A_SECOND);
    }
    expect(await methodsOf(other)).toEqual([]);
    if (signal === 'SIGSTOP') await system.madang.kill('payments', 'SIGCONT');
    else await system.madang.restart('payments');
    expect(await expectAgreement(system, other)).toEqual([]);
    const after = await expectAgreement(system, customer);
    if (signal === 'SIGTERM') expect(after).toEqual(before);
    expect(after).toHaveLength(2);
  });
});

describe('kill -9 between the two writes', () => {
  afterEach(untilPaymentsAreBack);

  test.for([
    ['payment-methods', 'SandboxAuthorisation'],
    ['payments', 'SandboxAuthorisation'],
    ['payment-methods', 'BillingKey'],
    ['payments', 'BillingKey'],
  ] as const)(
    'of %s, as soon as there is a new %s: both contexts agree again, and the same request registers one',
    async ([victim, table]) => {
      const customer = await nobodyYet();
      await system.databases.processor({ latencyMs: 400 });
      const rows = () => system.databases.count('payments', `SELECT count(*) FROM "${table}"`);
      const before = await rows();
      const number = newCardNumber();
      const answer = customer
        .ask(REGISTER, { input: card(number, { idempotencyKey: 'once' }) })
        .catch((error: Error) => ({ lost: error.message }));
      await eventually(async () => (await rows()) > before, { everyMs: 1 });
      await system.madang.kill(victim, 'SIGKILL');
      const alreadyWritten = (await keptOf(system, customer)).keys.length > 0;
      const told = JSON.stringify(await answer);
      errors.push(told);
      await system.databases.processor({});
      await system.madang.restart(victim);
      const kept = await expectAgreement(system, customer);
      if (!alreadyWritten) {
        // Neither had written when one of them died: the intent's sweep has undone whatever the other one did then.
        expect(kept).toEqual([]);
        expect(told).toMatch(/TRY_AGAIN_LATER|SUBGRAPH_UNAVAILABLE|lost/);
      }
      await registerPatiently(customer, number, 'once');
      expect(await expectAgreement(system, customer)).toEqual([expect.stringMatching(new RegExp(` ${number.slice(-4)} default$`))]);
      expect(await reserve(customer)).toMatchObject({ status: 'RESERVED' });
    },
  );
});

test('no number is anywhere in the clear: in no database, stream, header, dead letter, log or error', async () => {
  await untilQuiet(system);
  await expectLedgerToEqualPayments(system);
  await expectEachPageRowOnce(system);
  await expectEachMessageOnce(system);
  const declined = await newCustomer(system, { card: CARD.declined });
  errors.push(JSON.stringify(await refusalToReserve(declined)));
  const broken = await register(declined, newCardNumber());
  await breakEventOf(await system.broker(), 'payment-methods', 'PaymentMethodRegistered', broken.id);

  await expectNoNumberAnywhere(system, { errors, toldOf: broken.id });
});
