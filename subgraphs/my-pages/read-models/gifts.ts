import * as gifts from '@madang/gifts/events';
import { Prisma } from '../generated/prisma/browser.ts';
import type { GiftRow, PrismaClient } from '../generated/prisma/client.ts';
import { lifecycle } from './lifecycle.ts';
import { listing, type StatusArguments } from './listing.ts';
import { blankOf, known } from './rows.ts';
import { projectionsOf, type View } from './view.ts';

/** What a customer sees of a gift: before its points are spent there is none, and one that was voided never was. */
const SEEN = ['ACTIVE', 'USED'] as const;
type SeenStatus = (typeof SEEN)[number];

const status = lifecycle('status', { ISSUED: 0, ACTIVE: 1, USED: 2, VOIDED: 2 });

const on = projectionsOf<GiftRow>();
const own = ({ exchangeId }: { readonly exchangeId: string }) => exchangeId;

interface Told {
  readonly giftId: string;
  readonly giftItemId: string;
  readonly title: string;
  readonly points: number;
}
const told = ({ giftId, giftItemId, title, points }: Told) => ({ giftId, giftItemId, title, points });

const projections = [
  on(gifts.GiftIssued, own, (row, data) => ({ ...told(data), ...status(row, 'ISSUED') })),
  on(gifts.GiftActivated, own, (row, data, at) => ({ ...told(data), activatedAt: at, ...status(row, 'ACTIVE') })),
  on(gifts.GiftUsed, own, (row, data, at) => ({ ...told(data), usedAt: at, ...status(row, 'USED') })),
  on(gifts.GiftVoided, own, (row, { giftId }) => ({ giftId, ...status(row, 'VOIDED') })),
];

function shown({ version, ...row }: GiftRow) {
  const all = known(row, 'giftId', 'giftItemId', 'title', 'points', 'activatedAt');
  const seen = SEEN.find((one) => one === row.status);
  return all && seen ? { ...all, status: seen, __typename: 'MyPageGift' as const } : null;
}

/** A gift as its account sees it. */
export type Gift = NonNullable<ReturnType<typeof shown>>;

export const giftsView: View<GiftRow, Gift> = {
  name: 'GIFT',
  table: 'GiftRow',
  blank: blankOf<GiftRow>(Prisma.GiftRowScalarFieldEnum, {}),
  projections,
  shown,
};

/** Which gifts can be used, and which were? */
export const giftRows = (prisma: PrismaClient) =>
  listing(giftsView, prisma.giftRow, ({ status }: StatusArguments<SeenStatus>) => ({
    activatedAt: { not: null },
    status: { in: status ? [status] : [...SEEN] },
  }));
