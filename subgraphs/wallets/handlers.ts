import type { Cause, Kernel } from '@madang/kernel/context';
import { type InputOf, requireUser } from '@madang/kernel/domain';
import { joining } from '@madang/kernel/resilience';
import { type BookingStore, rowOf } from './adapters/booking-store.ts';
import { keepGiftItem } from './adapters/known-gift-items.ts';
import { type creditWallet, exchangeGift, type noteGiftItem } from './commands.ts';
import { decideCredit, decideHold } from './decide.ts';
import { type Exchanging, exchangeOf } from './exchanging.ts';
import type { GiftExchange } from './gift-exchange.ts';
import type { InLine } from './in-line.ts';
import type { GiftExchangeRow } from './read-models/gift-exchanges.ts';
import { booking } from './wallet.ts';

export interface Parts {
  readonly bookings: BookingStore;
  readonly exchanging: Exchanging;
  readonly inLine: InLine;
}

export type Handlers = ReturnType<typeof handlers>;

/** One function per command. */
export function handlers(kernel: Kernel, { bookings, exchanging, inLine }: Parts) {
  const joined = joining<GiftExchange>();

  return {
    async exchangeGift(raw: unknown, cause: Cause): Promise<GiftExchangeRow> {
      const { idempotencyKey, ...input } = exchangeGift.parse(raw);
      const { accountId } = requireUser(cause.actor);
      const asking = { scope: `exchangeGift by ${accountId}`, key: idempotencyKey };
      const exchangeId = kernel.newId();
      const exchange = await joined(exchangeId, async () => {
        const held = await inLine(accountId, () =>
          kernel.execute({
            aggregate: booking,
            store: bookings.forWish({ ...input, accountId, exchangeId }),
            key: exchangeId,
            input: { exchangeId },
            decide: decideHold,
            cause,
            alongside: () => ({ open: [exchanging.pending(exchangeId, asking)] }),
            idempotency: { ...asking, input },
          }),
        );
        if (!held.replayed) return exchanging.attempt(held, asking, cause);
        const { id } = exchangeOf(held.state);
        return joined(id, () => exchanging.outcome(id));
      });
      return rowOf(exchange);
    },

    async creditWallet(input: InputOf<typeof creditWallet>, cause: Cause): Promise<void> {
      const { accountId, rewardId: key } = input;
      const store = bookings.forReward(accountId);
      await inLine(accountId, () => kernel.execute({ aggregate: booking, store, key, input, decide: decideCredit, cause }));
    },

    /** Keeps what gifts tell, for the price that is held. */
    async noteGiftItem(input: InputOf<typeof noteGiftItem>, cause: Cause): Promise<void> {
      await kernel.commit(cause, { writes: [keepGiftItem(input)] });
    },
  };
}
