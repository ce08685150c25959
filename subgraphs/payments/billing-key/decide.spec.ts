import { service, user } from '@madang/kernel/domain';
import { given } from '@madang/kernel/testing';
import { describe, it } from 'vitest';
import {
  type BillingKeyEvent,
  billingKey,
  billingKeyFenced,
  billingKeyNumberChanged,
  billingKeyRegistered,
  billingKeyRevoked,
  billingKeyTokensRevoked,
} from './billing-key.ts';
import { changesNumber, decideChange, decideRecordRevocation, decideRegister, decideRevoke } from './decide.ts';

const paymentMethods = { actor: service('payment-methods') };
const key = { id: 'method-1', accountId: 'student' };
const first = { last4: '4242', fingerprint: 'print-of-4242', token: 'token-1' };
const second = { last4: '4444', fingerprint: 'print-of-4444', token: 'token-2' };
const wanted = { accountId: 'student', paymentMethodId: 'method-1', revision: 1 };

const registered = billingKeyRegistered({ ...key, ...first, kind: 'CREDIT_CARD', revision: 1 });
const revoked = billingKeyRevoked({ ...key, revision: 2 });
const register = { ...wanted, kind: 'CREDIT_CARD' as const, fingerprint: first.fingerprint, authorised: first };
const change = { ...wanted, revision: 2, fingerprint: second.fingerprint, authorised: second };

describe('a billing key is registered', () => {
  it('with what the processor charges it by', () => given(billingKey, []).when(decideRegister, register, paymentMethods).then(registered));
  it('once', () =>
    given(billingKey, [registered])
      .when(decideRegister, { ...register, authorised: null }, paymentMethods)
      .thenNothing());
  it('but not in the place of another', () => {
    const there = given(billingKey, [registered]);
    there.when(decideRegister, { ...register, fingerprint: second.fingerprint }, paymentMethods).thenRefused('IDEMPOTENCY_CONFLICT');
    there.when(decideRegister, { ...register, accountId: 'other' }, paymentMethods).thenRefused('NOT_FOUND');
  });
  it('but not once it has been revoked, though the registration had been sent before', () =>
    given(billingKey, [revoked]).when(decideRegister, register, paymentMethods).thenNothing());
  it('but only by another context', () =>
    given(billingKey, [])
      .when(decideRegister, register, { actor: user('student') })
      .thenRefused('FORBIDDEN'));
});

describe('a billing key is changed', () => {
  it('to another number', () =>
    given(billingKey, [registered])
      .when(decideChange, change, paymentMethods)
      .then(billingKeyNumberChanged({ ...second, revision: 2 })));
  it('or only asked how it is: what was sent before is too late from then on', () => {
    const asked = { ...wanted, revision: 3, fingerprint: null, authorised: null };
    given(billingKey, [registered])
      .when(decideChange, asked, paymentMethods)
      .then(billingKeyFenced({ revision: 3 }));
    given(billingKey, [registered, billingKeyFenced({ revision: 3 })])
      .when(decideChange, change, paymentMethods)
      .thenNothing();
  });
  it('once, and not after it was revoked', () => {
    given(billingKey, [registered, billingKeyNumberChanged({ ...second, revision: 2 })])
      .when(decideChange, change, paymentMethods)
      .thenNothing();
    given(billingKey, [registered, revoked]).when(decideChange, change, paymentMethods).thenRefused('NOT_FOUND');
    given(billingKey, []).when(decideChange, change, paymentMethods).thenRefused('NOT_FOUND');
  });
  it('with a word from the processor only where it changes anything', ({ expect }) => {
    const { state } = given(billingKey, [registered]);
    expect(changesNumber(state, change)).toBe(true);
    expect(changesNumber(state, { ...change, revision: 1 })).toBe(false);
    expect(changesNumber(state, { ...change, fingerprint: null })).toBe(false);
    expect(changesNumber(null, change)).toBe(false);
  });
});

describe('a billing key is revoked', () => {
  it('once', () => {
    given(billingKey, [registered])
      .when(decideRevoke, { ...wanted, revision: 2 }, paymentMethods)
      .then(revoked);
    given(billingKey, [registered, revoked])
      .when(decideRevoke, { ...wanted, revision: 3 }, paymentMethods)
      .thenNothing();
  });
  it('before it is registered', () =>
    given(billingKey, [])
      .when(decideRevoke, { ...wanted, revision: 2 }, paymentMethods)
      .then(revoked));
  it('but not that of another account', () =>
    given(billingKey, [registered])
      .when(decideRevoke, { ...wanted, accountId: 'other' }, paymentMethods)
      .thenRefused('NOT_FOUND'));
});

describe('what a billing key was charged by before', () => {
  const changed = billingKeyNumberChanged({ ...second, revision: 2 });
  const retiredTokens = (events: readonly BillingKeyEvent[]) => given(billingKey, events).state?.retiredTokens;

  it('is to be revoked at the processor, whether it was changed or removed', ({ expect }) => {
    expect(retiredTokens([registered])).toEqual([]);
    expect(retiredTokens([registered, changed])).toEqual(['token-1']);
    expect(retiredTokens([registered, changed, billingKeyRevoked({ ...key, revision: 3 })])).toEqual(['token-1', 'token-2']);
    expect(retiredTokens([revoked])).toEqual([]);
  });
  it('is over with once the processor knows, and only that', ({ expect }) => {
    const told = billingKeyTokensRevoked({ tokens: ['token-1'] });
    given(billingKey, [registered, changed])
      .when(decideRecordRevocation, { tokens: ['token-1'] }, paymentMethods)
      .then(told);
    given(billingKey, [registered, changed, told])
      .when(decideRecordRevocation, { tokens: ['token-1'] }, paymentMethods)
      .thenNothing();
    expect(retiredTokens([registered, changed, revoked, told])).toEqual(['token-2']);
  });
});
