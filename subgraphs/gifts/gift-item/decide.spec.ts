import { anonymous, service, user } from '@madang/kernel/domain';
import { given } from '@madang/kernel/testing';
import { describe, expect, it } from 'vitest';
import { GiftItemRegistered } from '../events.ts';
import { demoGiftItems } from '../seeds.ts';
import { registerGiftItem } from './commands.ts';
import { decideRegister } from './decide.ts';
import { giftItem, giftItemDescribed } from './gift-item.ts';

const newId = '01936d5e-0000-7000-8000-000000000541';
const now = new Date('2026-11-20T06:00:00Z');
const wanted = { title: '아메리카노 쿠폰', description: '한 잔', points: 300, stock: null };
const registered = GiftItemRegistered({ giftItemId: newId, title: wanted.title, points: 300, at: now.toISOString() });
const admin = { actor: user('a', 'CUSTOMER', 'ADMIN'), now };

describe('registering a gift item', () => {
  it('tells others its price, and keeps the rest', () => {
    const described = giftItemDescribed({ description: '한 잔', stock: null });
    given(giftItem, [])
      .when(decideRegister, { ...wanted, newId }, admin)
      .then(registered, described);
    expect(given(giftItem, [registered, described]).state).toMatchObject({ points: 300, stock: null, remaining: null });
  });

  it('has all of a limited stock left', () => {
    const described = giftItemDescribed({ description: '한 잔', stock: 7 });
    given(giftItem, [])
      .when(decideRegister, { ...wanted, stock: 7, newId }, admin)
      .then(registered, described);
    expect(given(giftItem, [registered, described]).state).toMatchObject({ description: '한 잔', stock: 7, remaining: 7 });
  });

  it.each([
    ['UNAUTHENTICATED', anonymous],
    ['UNAUTHENTICATED', service('wallets')],
    ['FORBIDDEN', user('a', 'CUSTOMER', 'MANAGER', 'TRAINER')],
  ])('is refused with %s for others than ADMIN', (code, actor) => {
    given(giftItem, [])
      .when(decideRegister, { ...wanted, newId }, { actor })
      .thenRefused(code);
  });

  it.each([
    ['title', { title: ' ' }],
    ['title', { title: 'x'.repeat(101) }],
    ['description', { description: '' }],
    ['points', { points: 0 }],
    ['points', { points: 10_000_001 }],
    ['points', { points: 1.5 }],
    ['stock', { stock: 0 }],
    ['stock', { stock: -1 }],
  ])('names %s as the field at fault: %j', (field, wrong) => {
    expect(() => registerGiftItem.parse({ ...wanted, ...wrong })).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT', details: { field } }),
    );
  });

  it('takes the items of the demo, one of which is limited', () => {
    const parsed = demoGiftItems.map((item) => registerGiftItem.parse(item));
    expect(parsed.filter(({ stock }) => stock !== null)).toHaveLength(1);
    expect(new Set(demoGiftItems.map(({ id }) => id)).size).toBe(demoGiftItems.length);
  });
});
