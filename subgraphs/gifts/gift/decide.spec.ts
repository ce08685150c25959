import { type Actor, anonymous, service, user } from '@madang/kernel/domain';
import { given } from '@madang/kernel/testing';
import { describe, expect, it } from 'vitest';
import { GiftActivated, type GiftEvent, GiftIssued, GiftUsed, GiftVoided } from '../events.ts';
import type { GiftItem } from '../gift-item/gift-item.ts';
import { decideActivate, decideIssue, decideUse, decideVoid } from './decide.ts';
import { type Giving, giving } from './gift.ts';

const giftId = '01936d5e-0000-7000-8000-000000000551';
const giftItemId = '01936d5e-0000-7000-8000-000000000541';
const now = new Date('2026-11-20T06:00:00Z');
const accountId = 'owner';
const of = { giftId, accountId, exchangeId: 'e', giftItemId, title: '쿠폰', points: 300, at: now.toISOString() };
const item: GiftItem = { id: giftItemId, title: '쿠폰', description: '', points: 300, stock: null, remaining: null, registeredAt: now };
const limited = (remaining: number): GiftItem => ({ ...item, stock: 2, remaining });

const wallets = { actor: service('wallets'), now };
const owner = { actor: user(accountId, 'CUSTOMER'), now };
const wish = { accountId, exchangeId: 'e', giftItemId, points: 300, newId: giftId };
const toVoid = { accountId, exchangeId: 'e', newId: 'another' };
const issued = GiftIssued(of);
const active = [issued, GiftActivated(of)];
const used = [...active, GiftUsed(of)];
const voided = GiftVoided({ giftId, accountId, exchangeId: 'e', issued: true, at: of.at });
const tombstone = GiftVoided({ giftId, accountId, exchangeId: 'e', issued: false, at: of.at });

/** With the item that is wanted, as the store loads it. */
const decideIssueOf =
  (wanted: GiftItem | null): typeof decideIssue =>
  (state, input, facts) =>
    decideIssue({ gift: state?.gift ?? null, item: wanted } satisfies Giving, input, facts);

describe('issuing', () => {
  it('is a gift of the item, at its price', () => {
    given(giving, []).when(decideIssueOf(item), wish, wallets).then(issued);
    given(giving, [])
      .when(decideIssueOf(limited(1)), wish, wallets)
      .then(issued);
  });

  it('takes one of a limited stock', () => {
    expect(giving.evolve({ item: limited(2), gift: null }, issued)).toMatchObject({
      item: { remaining: 1 },
      gift: { present: { limited: true } },
    });
    expect(giving.evolve({ item, gift: null }, issued)).toMatchObject({ item: { remaining: null }, gift: { present: { limited: false } } });
  });

  it.each([[[issued]], [active], [used]])('happens once for an exchange', (past) => {
    given(giving, past).when(decideIssueOf(item), wish, wallets).thenNothing();
    given(giving, past)
      .when(decideIssueOf(limited(0)), wish, wallets)
      .thenNothing();
  });

  it.each([[[tombstone]], [[issued, voided]]])('never happens once it was voided', (past) => {
    given(giving, past).when(decideIssueOf(item), wish, wallets).thenRefused('EXCHANGE_VOIDED');
  });

  it('is refused with the reason', () => {
    given(giving, []).when(decideIssueOf(null), wish, wallets).thenRefused('NOT_FOUND');
    given(giving, [])
      .when(decideIssueOf(limited(0)), wish, wallets)
      .thenRefused('SOLD_OUT');
    given(giving, [])
      .when(decideIssueOf(item), { ...wish, points: 200 }, wallets)
      .thenRefused('PRICE_CHANGED', { points: 300 });
    given(giving, [issued])
      .when(decideIssueOf(item), { ...wish, accountId: 'x' }, wallets)
      .thenRefused('IDEMPOTENCY_CONFLICT', { field: 'exchangeId' });
    given(giving, [issued])
      .when(decideIssueOf(item), { ...wish, giftItemId: 'x' }, wallets)
      .thenRefused('IDEMPOTENCY_CONFLICT', { field: 'giftItemId' });
  });
});

describe('activating', () => {
  it('is for what was issued, once', () => {
    given(giving, [issued]).when(decideActivate, { accountId, exchangeId: 'e' }, wallets).then(GiftActivated(of));
    for (const past of [active, used]) given(giving, past).when(decideActivate, { accountId, exchangeId: 'e' }, wallets).thenNothing();
  });

  it('is refused for what is not there, another’s, or voided', () => {
    given(giving, []).when(decideActivate, { accountId, exchangeId: 'e' }, wallets).thenRefused('NOT_FOUND');
    given(giving, [issued]).when(decideActivate, { accountId: 'x', exchangeId: 'e' }, wallets).thenRefused('NOT_FOUND');
    for (const past of [[tombstone], [issued, voided]])
      given(giving, past).when(decideActivate, { accountId, exchangeId: 'e' }, wallets).thenRefused('EXCHANGE_VOIDED');
  });
});

describe('voiding', () => {
  it('is for what was issued, and for what never will be', () => {
    given(giving, [issued]).when(decideVoid, toVoid, wallets).then(voided);
    given(giving, [])
      .when(decideVoid, { ...toVoid, newId: giftId }, wallets)
      .then(tombstone);
    for (const past of [[tombstone], [issued, voided]]) given(giving, past).when(decideVoid, toVoid, wallets).thenNothing();
  });

  it('is refused once its points are spent', () => {
    for (const past of [active, used]) given(giving, past).when(decideVoid, toVoid, wallets).thenRefused('ALREADY_ACTIVE');
    given(giving, [issued])
      .when(decideVoid, { ...toVoid, accountId: 'x' }, wallets)
      .thenRefused('IDEMPOTENCY_CONFLICT');
  });
});

describe('using', () => {
  it('is for its owner, once it is active, and the same again', () => {
    given(giving, active).when(decideUse, { giftId }, owner).then(GiftUsed(of));
    given(giving, used).when(decideUse, { giftId }, owner).thenNothing();
  });

  it.each<[string, GiftEvent[], Actor]>([
    ['NOT_ACTIVE', [issued], owner.actor],
    ['NOT_ACTIVE', [issued, voided], owner.actor],
    ['NOT_ACTIVE', [tombstone], owner.actor],
    ['NOT_FOUND', [], owner.actor],
    ['NOT_FOUND', active, user('another', 'CUSTOMER', 'MANAGER', 'ADMIN')],
    ['UNAUTHENTICATED', active, anonymous],
    ['UNAUTHENTICATED', active, service('wallets')],
  ])('is refused with %s', (code, past, actor) => {
    given(giving, past).when(decideUse, { giftId }, { actor, now }).thenRefused(code);
  });
});

it.each([
  ['issueGift', (actor: Actor) => decideIssue(null, wish, { actor, now })],
  ['activateGift', (actor: Actor) => decideActivate(null, { accountId, exchangeId: 'e' }, { actor, now })],
  ['voidGift', (actor: Actor) => decideVoid(null, toVoid, { actor, now })],
])('%s is for other contexts only', (_, run) => {
  for (const actor of [anonymous, user(accountId, 'ADMIN', 'MANAGER')])
    expect(() => run(actor)).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
});
