import { type Decide, type InputOf, notFound, Refused, requireService, requireUser } from '@madang/kernel/domain';
import { GiftActivated, type GiftEvent, GiftIssued, GiftUsed, GiftVoided } from '../events.ts';
import { WHAT as ITEM } from '../gift-item/decide.ts';
import type { activateGift, issueGift, useGift, voidGift } from './commands.ts';
import type { Gift, Giving, Present } from './gift.ts';

type Decision<Input> = Decide<Giving, Input, GiftEvent>;
type Internal<D> = Omit<InputOf<D>, 'idempotencyKey'>;
/** The id that a gift gets if there is none yet. */
type New = { readonly newId: string };

/** What there is not, when there is not, or it is another's. */
export const WHAT = 'The gift';

const voided = () => new Refused('EXCHANGE_VOIDED', 'The exchange was given up. 취소된 교환입니다.');
const usedOtherwise = (field: string) => new Refused('IDEMPOTENCY_CONFLICT', 'The exchange is of something else.', { field });

const told = ({ id, accountId, exchangeId }: Gift, { giftItemId, title, points }: Present, now: Date) => ({
  giftId: id,
  accountId,
  exchangeId,
  giftItemId,
  title,
  points,
  at: now.toISOString(),
});

/** `state` has the exchange's gift and the wanted item. One that was voided, even before, is never issued. */
export const decideIssue: Decision<Internal<typeof issueGift> & New> = (state, { newId, ...wanted }, { actor, now }) => {
  requireService(actor);
  const { item, gift } = state ?? { item: null, gift: null };
  const { accountId, exchangeId, giftItemId, points } = wanted;
  if (gift !== null) {
    if (gift.accountId !== accountId) throw usedOtherwise('exchangeId');
    if (gift.status === 'VOIDED') throw voided();
    if (gift.present.giftItemId !== giftItemId) throw usedOtherwise('giftItemId');
    return [];
  }
  if (item === null) throw notFound(ITEM);
  if (item.points !== points)
    throw new Refused('PRICE_CHANGED', 'It costs other points. 포인트 가격이 바뀌었습니다.', { points: item.points });
  if (item.remaining === 0) throw new Refused('SOLD_OUT', 'None is left. 품절되었습니다.');
  return [GiftIssued({ giftId: newId, accountId, exchangeId, giftItemId, title: item.title, points, at: now.toISOString() })];
};

/** Its points are spent. */
export const decideActivate: Decision<Internal<typeof activateGift>> = (state, { accountId }, { actor, now }) => {
  requireService(actor);
  const gift = state?.gift;
  if (!gift || gift.accountId !== accountId) throw notFound(WHAT);
  if (gift.status === 'VOIDED') throw voided();
  return gift.status === 'ISSUED' ? [GiftActivated(told(gift, gift.present, now))] : [];
};

/** For good: what is not issued yet never will be. */
export const decideVoid: Decision<Internal<typeof voidGift> & New> = (state, { newId, accountId, exchangeId }, { actor, now }) => {
  requireService(actor);
  const gift = state?.gift ?? null;
  const at = now.toISOString();
  if (gift === null) return [GiftVoided({ giftId: newId, accountId, exchangeId, issued: false, at })];
  if (gift.accountId !== accountId) throw usedOtherwise('exchangeId');
  switch (gift.status) {
    case 'ISSUED':
      return [GiftVoided({ giftId: gift.id, accountId, exchangeId, issued: true, at })];
    case 'VOIDED':
      return [];
    case 'ACTIVE':
    case 'USED':
      throw new Refused('ALREADY_ACTIVE', 'Its points are spent. 이미 포인트가 사용된 기프트입니다.');
  }
};

/** By its owner only, whoever else may see it. */
export const decideUse: Decision<InputOf<typeof useGift>> = (state, _, { actor, now }) => {
  const { accountId } = requireUser(actor);
  const gift = state?.gift;
  if (!gift || gift.accountId !== accountId) throw notFound(WHAT);
  switch (gift.status) {
    case 'ACTIVE':
      return [GiftUsed(told(gift, gift.present, now))];
    case 'USED':
      return [];
    case 'ISSUED':
    case 'VOIDED':
      throw new Refused('NOT_ACTIVE', 'It cannot be used. 사용할 수 없는 기프트입니다.');
  }
};
