import { describe, expect, it } from 'vitest';
import { describeConverging, shownAfter } from '../testing/converging.ts';
import { ACCOUNT, EXCHANGE, GIFT, heard, instantOf } from '../testing/happenings.ts';
import { GIFT_STORIES } from '../testing/stories/gifts.ts';
import { giftsView as view } from './gifts.ts';

describeConverging('a gift that is', view, GIFT_STORIES);

describe('the row of a gift', () => {
  it('keeps what it is, what it cost and when it was used, by its exchange', () => {
    expect(shownAfter(view, GIFT_STORIES.used)).toEqual({
      __typename: 'MyPageGift',
      id: EXCHANGE,
      accountId: ACCOUNT,
      giftId: GIFT,
      giftItemId: '01936d5e-0000-7000-8000-000000000541',
      title: '수학의 정석 기본편',
      points: 300,
      status: 'USED',
      activatedAt: new Date(instantOf(1)),
      usedAt: new Date(instantOf(2)),
      updatedAt: new Date(instantOf(2)),
    });
  });

  it('is there once it can be used, and not before', () => {
    expect(heard(view, GIFT_STORIES.used ?? []).told.map(({ status }) => status)).toEqual(['ACTIVE', 'USED']);
  });

  it.each(['issued, and voided', 'voided before it was issued'])('is never seen when it was %s', (name) => {
    expect(shownAfter(view, GIFT_STORIES[name])).toBeNull();
    expect(heard(view, GIFT_STORIES[name] ?? [])).toMatchObject({ row: { status: 'VOIDED' }, told: [] });
  });
});
