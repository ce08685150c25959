import type { Cause, Kernel, Store } from '@madang/kernel/context';
import { notFound } from '@madang/kernel/domain';
import { type GiftStore, rowOf } from './adapters/gift-store.ts';
import { activateGift, issueGift, useGift, voidGift } from './gift/commands.ts';
import { decideActivate, decideIssue, decideUse, decideVoid, WHAT } from './gift/decide.ts';
import { type Gift, type Giving, giving } from './gift/gift.ts';
import { registerGiftItem } from './gift-item/commands.ts';
import { decideRegister } from './gift-item/decide.ts';
import { type GiftItem, giftItem } from './gift-item/gift-item.ts';
import type { GiftRow } from './read-models/gifts.ts';
import type { Telling } from './telling.ts';

export interface Parts {
  readonly items: Store<GiftItem>;
  readonly gifts: GiftStore;
  readonly telling: Telling;
}

export type Handlers = ReturnType<typeof handlers>;

function giftOf({ gift }: Giving): Gift {
  if (gift === null) throw notFound(WHAT);
  return gift;
}

/** One function per command. */
export const handlers = (kernel: Kernel, { items, gifts, telling }: Parts) => ({
  /** `newId` is the gift item's id. */
  async registerGiftItem(raw: unknown, cause: Cause, newId = kernel.newId()): Promise<GiftItem> {
    const { idempotencyKey, ...input } = registerGiftItem.parse(raw);
    const { state } = await kernel.execute({
      aggregate: giftItem,
      store: items,
      key: newId,
      known: null,
      input: { ...input, newId },
      decide: decideRegister,
      cause,
      idempotency: {
        scope: `registerGiftItem by ${cause.actor.kind === 'user' ? cause.actor.accountId : ''}`,
        key: idempotencyKey,
        input,
      },
    });
    return state;
  },

  async issueGift(raw: unknown, cause: Cause): Promise<GiftRow> {
    const { idempotencyKey: _, ...input } = issueGift.parse(raw);
    const { state } = await kernel.execute({
      aggregate: giving,
      store: gifts.toIssue(input.giftItemId),
      key: input.exchangeId,
      input: { ...input, newId: kernel.newId() },
      decide: decideIssue,
      cause,
    });
    return rowOf(giftOf(state));
  },

  async activateGift(raw: unknown, cause: Cause): Promise<GiftRow> {
    const { idempotencyKey: _, ...input } = activateGift.parse(raw);
    const { exchangeId: key } = input;
    const { state } = await kernel.execute({ aggregate: giving, store: gifts.byExchange, key, input, decide: decideActivate, cause });
    return rowOf(giftOf(state));
  },

  async voidGift(raw: unknown, cause: Cause): Promise<GiftRow> {
    const { idempotencyKey: _, ...given } = voidGift.parse(raw);
    const input = { ...given, newId: kernel.newId() };
    const { exchangeId: key } = given;
    const { state } = await kernel.execute({ aggregate: giving, store: gifts.byExchange, key, input, decide: decideVoid, cause });
    return rowOf(giftOf(state));
  },

  async useGift(raw: unknown, cause: Cause): Promise<GiftRow> {
    const input = useGift.parse(raw);
    const { state, events } = await kernel.execute({
      aggregate: giving,
      store: gifts.byId,
      key: input.giftId,
      input,
      decide: decideUse,
      cause,
      alongside: (after, [used]) => (used ? { open: [telling.message(giftOf(after))] } : {}),
    });
    const gift = giftOf(state);
    if (events.length > 0) await telling.tell(gift, cause);
    return rowOf(gift);
  },
});
