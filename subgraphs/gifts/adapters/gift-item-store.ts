import type { Store } from '@madang/kernel/context';
import { saveRow } from '@madang/kernel/prisma';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { GiftItem } from '../gift-item/gift-item.ts';

/** Gift items by their id. Their stock is what the gifts' store changes. */
export const giftItemsById = (prisma: PrismaClient): Store<GiftItem> => ({
  async load(id) {
    const row = await prisma.giftItem.findUnique({ where: { id } });
    if (!row) return null;
    const { version, ...state } = row;
    return { state, version };
  },
  save: (state, version) => saveRow('GiftItem', state, version),
});
