/** What was asked for; never changes. */
interface Asked {
  readonly id: string;
  readonly accountId: string;
  readonly giftItemId: string;
  readonly title: string;
  readonly points: number;
  readonly requestedAt: Date;
}

/** Why there is no gift: what gifts said, or that they gave no answer. */
export type NoGift = 'SOLD_OUT' | 'NOT_FOUND' | 'PRICE_CHANGED' | 'EXCHANGE_VOIDED' | 'UNAVAILABLE';

/** An exchange of points for a gift (기프트 교환). RELEASING: given up, and the points come back once it is certain that there is no gift. */
export type GiftExchange = Asked &
  (
    | { readonly status: 'HELD' }
    | { readonly status: 'RELEASING'; readonly reason: string }
    | { readonly status: 'CAPTURED'; readonly giftId: string; readonly decidedAt: Date }
    | { readonly status: 'RELEASED'; readonly reason: string; readonly decidedAt: Date }
  );

/** The fields of the question without the answer's, so that none of another status stays behind. */
export const askedOf = ({ id, accountId, giftItemId, title, points, requestedAt }: GiftExchange): Asked => ({
  id,
  accountId,
  giftItemId,
  title,
  points,
  requestedAt,
});
