import { notFound, id as uuid } from '@madang/kernel/domain';
import { type Connection, connectionOf, type PageArguments, pageOf } from '@madang/kernel/graphql';
import DataLoader from 'dataloader';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { WHAT } from '../gift-item/decide.ts';
import type { GiftItem } from '../gift-item/gift-item.ts';

export type GiftItemLoader = DataLoader<string, GiftItem | null>;

/** Answers: what can points be exchanged for, and is there any left? Everybody may know. */
export function giftItems(prisma: PrismaClient) {
  const find = async (id: string): Promise<GiftItem | null> =>
    uuid.safeParse(id).success ? prisma.giftItem.findUnique({ where: { id } }) : null;

  return {
    /** @throws Refused NOT_FOUND */
    async byId(id: string): Promise<GiftItem> {
      const item = await find(id);
      if (!item) throw notFound(WHAT);
      return item;
    },

    /** The last registered first. @throws Refused BAD_INPUT */
    async list(list: PageArguments): Promise<Connection<GiftItem>> {
      const { take, cursorId } = pageOf(list);
      const rows: GiftItem[] = await prisma.giftItem.findMany({
        ...(cursorId ? { where: { id: { lt: cursorId } } } : {}),
        orderBy: { id: 'desc' },
        take,
      });
      return connectionOf(rows, list.first, ({ id }) => id, list);
    },

    loader: (): GiftItemLoader => new DataLoader(async (ids) => Promise.all(ids.map(find))),
  };
}

export type GiftItemsModel = ReturnType<typeof giftItems>;
