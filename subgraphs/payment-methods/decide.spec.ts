import { anonymous, user } from '@madang/kernel/domain';
import { given } from '@madang/kernel/testing';
import { describe, expect, it } from 'vitest';
import {
  decideAskToChange,
  decideAskToMakeDefault,
  decideAskToRegister,
  decideAskToRemove,
  decideComplete,
  decideSettle,
  decideTakeOver,
  MOST,
} from './decide.ts';
import { PaymentMethodChanged, PaymentMethodRegistered, PaymentMethodRemoved } from './events.ts';
import { changeAsked, changeDropped, changeTakenOver, type PaymentMethodEvent, paymentMethods } from './payment-methods.ts';

const now = new Date('2026-11-20T06:00:00Z');
const at = now.toISOString();
const facts = { actor: user('customer', 'CUSTOMER'), now };
const first = '01936d5e-0000-7000-8000-0000000000b1';
const second = '01936d5e-0000-7000-8000-0000000000b2';
const of = (paymentMethodId: string, last4 = '4242') => ({
  paymentMethodId,
  accountId: 'customer',
  kind: 'CREDIT_CARD' as const,
  maskedNumber: `****-****-****-${last4}`,
  at,
});

const request = { key: 'once', print: 'a keyed hash' };
const register = { paymentMethodId: first, kind: 'CREDIT_CARD' as const, number: '4242424242424242', request: null };
const asked = (id: string, isDefault: boolean, by: typeof request | null = null) =>
  changeAsked({
    accountId: 'customer',
    change: { change: 'REGISTER', paymentMethodId: id, kind: 'CREDIT_CARD', last4: '4242', isDefault, request: by },
  });
const registered = (id: string, isDefault: boolean) => [asked(id, isDefault), PaymentMethodRegistered({ ...of(id), isDefault })];
const one: PaymentMethodEvent[] = registered(first, true);
const two: PaymentMethodEvent[] = [...one, ...registered(second, false)];
const change = (kind: 'DEFAULT' | 'REMOVE', paymentMethodId: string) =>
  changeAsked({ accountId: 'customer', change: { change: kind, paymentMethodId } });
const number = changeAsked({ accountId: 'customer', change: { change: 'NUMBER', paymentMethodId: first, last4: '4444' } });

describe('a customer registers a payment method', () => {
  it('and the first one becomes the default', () => {
    given(paymentMethods, []).when(decideAskToRegister, register, facts).then(asked(first, true));
    given(paymentMethods, one)
      .when(decideAskToRegister, { ...register, paymentMethodId: second }, facts)
      .then(asked(second, false));
  });
  it('signed in', () => given(paymentMethods, []).when(decideAskToRegister, register, { actor: anonymous }).thenRefused('UNAUTHENTICATED'));
  it('with a number of that kind', () => {
    const refused = (kind: 'CREDIT_CARD' | 'DEBIT_CARD' | 'BANK_ACCOUNT', typed: string) =>
      given(paymentMethods, [])
        .when(decideAskToRegister, { ...register, kind, number: typed }, facts)
        .thenRefused('BAD_INPUT', { field: 'number' });
    refused('CREDIT_CARD', '4242424242424241');
    refused('DEBIT_CARD', '42424242');
    refused('CREDIT_CARD', '424242424242424x');
    refused('BANK_ACCOUNT', '1234567');
    refused('BANK_ACCOUNT', '');
  });
  it('once by one key, and nothing else by it', () => {
    const past = [asked(first, true, request), PaymentMethodRegistered({ ...of(first), isDefault: true })];
    given(paymentMethods, past)
      .when(decideAskToRegister, { ...register, paymentMethodId: second, request }, facts)
      .thenNothing();
    given(paymentMethods, past)
      .when(decideAskToRegister, { ...register, request: { ...request, print: 'of another number' } }, facts)
      .thenRefused('IDEMPOTENCY_CONFLICT');
  });
  it(`up to ${MOST} of them`, () => {
    const many = Array.from({ length: MOST }, (_, at) =>
      registered(`01936d5e-0000-7000-8000-0000000001${String(at).padStart(2, '0')}`, at === 0),
    ).flat();
    given(paymentMethods, many).when(decideAskToRegister, register, facts).thenRefused('TOO_MANY_PAYMENT_METHODS');
  });
  it('one after the other', () =>
    given(paymentMethods, [asked(first, true)])
      .when(decideAskToRegister, register, facts)
      .thenRefused('TRY_AGAIN_LATER'));
});

describe('payments has answered', () => {
  it('and the method is registered', () =>
    given(paymentMethods, [asked(first, true)])
      .when(decideComplete, { revision: 1, done: true }, facts)
      .then(PaymentMethodRegistered({ ...of(first), isDefault: true })));
  it('no, and nothing is left', () => {
    given(paymentMethods, [asked(first, true)])
      .when(decideComplete, { revision: 1, done: false }, facts)
      .then(changeDropped(null));
    expect(given(paymentMethods, [asked(first, true), changeDropped(null)]).state).toMatchObject({
      methods: [],
      pending: null,
      defaultId: null,
    });
  });
  it('too late: it is being undone', () => {
    const past = [asked(first, true), changeTakenOver(null)];
    given(paymentMethods, past).when(decideComplete, { revision: 1, done: true }, facts).thenRefused('TRY_AGAIN_LATER');
    given(paymentMethods, [...past, changeDropped(null)])
      .when(decideComplete, { revision: 1, done: true }, facts)
      .thenRefused('TRY_AGAIN_LATER');
    given(paymentMethods, past).when(decideSettle, { settling: 2, done: false }, facts).then(changeDropped(null));
  });
});

describe('a customer changes payment methods', () => {
  it('the number', () => {
    given(paymentMethods, one).when(decideAskToChange, { paymentMethodId: first, number: '5555555555554444' }, facts).then(number);
    given(paymentMethods, [...one, number])
      .when(decideComplete, { revision: 2, done: true }, facts)
      .then(PaymentMethodChanged({ ...of(first, '4444'), isDefault: true, change: 'NUMBER' }));
    given(paymentMethods, one).when(decideAskToChange, { paymentMethodId: first, number: '12345678' }, facts).thenRefused('BAD_INPUT');
  });
  it('the default: both methods tell', () => {
    given(paymentMethods, two).when(decideAskToMakeDefault, { paymentMethodId: second }, facts).then(change('DEFAULT', second));
    given(paymentMethods, two).when(decideAskToMakeDefault, { paymentMethodId: first }, facts).thenNothing();
    given(paymentMethods, [...two, change('DEFAULT', second)])
      .when(decideComplete, { revision: 3, done: true }, facts)
      .then(
        PaymentMethodChanged({ ...of(first), isDefault: false, change: 'DEFAULT' }),
        PaymentMethodChanged({ ...of(second), isDefault: true, change: 'DEFAULT' }),
      );
  });
  it('but not those of others', () => {
    for (const decide of [decideAskToMakeDefault, decideAskToRemove])
      given(paymentMethods, one).when(decide, { paymentMethodId: second }, facts).thenRefused('NOT_FOUND');
    given(paymentMethods, [])
      .when(decideAskToChange, { paymentMethodId: first, number: '5555555555554444' }, facts)
      .thenRefused('NOT_FOUND');
  });
});

describe('a customer removes a payment method', () => {
  const removed = [...two, change('REMOVE', first), PaymentMethodRemoved(of(first))];
  it('and no other one becomes the default', () => {
    given(paymentMethods, [...two, change('REMOVE', first)])
      .when(decideComplete, { revision: 3, done: true }, facts)
      .then(PaymentMethodRemoved(of(first)));
    expect(given(paymentMethods, removed).state).toMatchObject({
      defaultId: null,
      methods: [{ status: 'REMOVED' }, { status: 'REGISTERED' }],
    });
  });
  it('once, and changes it no more', () => {
    given(paymentMethods, removed).when(decideAskToRemove, { paymentMethodId: first }, facts).thenNothing();
    given(paymentMethods, removed).when(decideAskToMakeDefault, { paymentMethodId: first }, facts).thenRefused('NOT_FOUND');
  });
  it('and registers one that is not the default while there are others', () =>
    given(paymentMethods, removed)
      .when(decideAskToRegister, { ...register, paymentMethodId: first }, facts)
      .then(asked(first, false)));
});

describe('what nobody answered', () => {
  const past = [...one, number];
  it('is taken over once', () => {
    given(paymentMethods, past).when(decideTakeOver, { revision: 2 }, facts).then(changeTakenOver(null));
    given(paymentMethods, [...past, changeTakenOver(null)])
      .when(decideTakeOver, { revision: 2 }, facts)
      .thenNothing();
    given(paymentMethods, one).when(decideTakeOver, { revision: 1 }, facts).thenNothing();
  });
  it('is recorded as it is found', () => {
    const taken = given(paymentMethods, [...past, changeTakenOver(null)]);
    taken
      .when(decideSettle, { settling: 3, done: true }, facts)
      .then(PaymentMethodChanged({ ...of(first, '4444'), isDefault: true, change: 'NUMBER' }));
    taken.when(decideSettle, { settling: 3, done: false }, facts).then(changeDropped(null));
    taken.when(decideSettle, { settling: 2, done: true }, facts).thenNothing();
  });
});
