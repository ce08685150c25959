import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { patiently } from './client.ts';
import { achievePatiently, createMission } from './missions.ts';
import type { Person } from './people.ts';
import { eventually } from './until.ts';

export type GiftExchangeStatus = 'HELD' | 'RELEASING' | 'CAPTURED' | 'RELEASED';
export type GiftStatus = 'ISSUED' | 'ACTIVE' | 'USED' | 'VOIDED';

/** What wallets say of an exchange. */
export interface GiftExchange {
  readonly id: string;
  readonly status: GiftExchangeStatus;
  readonly title: string;
  readonly points: number;
  readonly reason: string | null;
}

export interface GiftItem {
  readonly id: string;
  readonly title: string;
  readonly points: number;
  readonly remaining: number | null;
}

/** What gifts say of a gift. */
export interface Gift {
  readonly id: string;
  readonly status: GiftStatus;
  readonly title: string;
  readonly points: number;
  readonly usedAt: string | null;
}

export interface Points {
  readonly balance: number;
  readonly held: number;
}

/** A gift item of the demo's, of which there are any number. */
export const COFFEE = { id: '01900000-0000-7000-8000-000000090005', title: '아메리카노 쿠폰', points: 300 };

export const EXCHANGE = 'id status title points reason';
export const ITEM = 'id title points remaining';
export const GIFT = 'id status title points usedAt';

export const REGISTER_ITEM = `mutation Register($input: RegisterGiftItemInput!) { registerGiftItem(input: $input) { ${ITEM} } }`;
const EXCHANGING = `mutation Exchange($input: ExchangeGiftInput!) { exchangeGift(input: $input) { ${EXCHANGE} } }`;
export const USE = `mutation Use($input: UseGiftInput!) { useGift(input: $input) { ${GIFT} } }`;
export const READ_EXCHANGE = `query Exchange($id: ID!) { giftExchange(id: $id) { ${EXCHANGE} } }`;
export const READ_GIFT = `query Gift($id: ID!) { gift(id: $id) { ${GIFT} } }`;

/** A fresh gift item, of which wallets have heard. */
export async function registerItem(admin: Person, more: object = {}): Promise<GiftItem> {
  const input = { title: `기프트 ${randomUUID().slice(0, 8)}`, description: '한 번 쓸 수 있습니다.', points: 300, ...more };
  const { registerGiftItem } = await admin.data<{ registerGiftItem: GiftItem }>(REGISTER_ITEM, { input });
  const { databases } = admin.system;
  await eventually(
    async () => (await databases.count('wallets', 'SELECT count(*) FROM "GiftItem" WHERE "id" = $1', [registerGiftItem.id])) > 0,
  );
  return registerGiftItem;
}

export const tryToExchange = (person: Person, giftItemId: string, more: object = {}) =>
  person.ask<{ exchangeGift: GiftExchange }>(EXCHANGING, { input: { giftItemId, ...more } });

export async function exchange(person: Person, giftItemId: string, more: object = {}): Promise<GiftExchange> {
  return (await person.data<{ exchangeGift: GiftExchange }>(EXCHANGING, { input: { giftItemId, ...more } })).exchangeGift;
}

/** Exchanges as a good client does: again, with the same key, until there is an answer. */
export async function exchangePatiently(person: Person, giftItemId: string, more: object = {}): Promise<GiftExchange> {
  const wish = { idempotencyKey: randomUUID(), ...more };
  return (await patiently(() => tryToExchange(person, giftItemId, wish))).data.exchangeGift;
}

export const refusalToExchange = (person: Person, giftItemId: string, more: object = {}) =>
  person.refusal(EXCHANGING, { input: { giftItemId, ...more } });

/** Uses a gift. */
export async function useUp(person: Person, giftId: string): Promise<Gift> {
  return (await person.data<{ useGift: Gift }>(USE, { input: { giftId } })).useGift;
}

export const refusalToUse = (person: Person, giftId: string) => person.refusal(USE, { input: { giftId } });

/** What somebody can spend, and what is kept for gifts that are being issued. */
export async function pointsOf(person: Person): Promise<Points> {
  return (await person.data<{ me: { wallet: Points } }>('{ me { wallet { balance held } } }')).me.wallet;
}

export const balanceBecomes = (person: Person, balance: number, withinMs = 15_000): Promise<void> =>
  eventually(async () => expect(await pointsOf(person)).toEqual({ balance, held: 0 }), { withinMs, everyMs: 50 });

/** Achieves a mission that is worth so much, and waits until it is credited. */
export async function earn(person: Person, admin: Person, points: number): Promise<string> {
  const { balance } = await pointsOf(person);
  const { id } = await achievePatiently(person, (await createMission(admin, { points })).id);
  await balanceBecomes(person, balance + points, 30_000);
  return id;
}

/** The exchange's gift, as soon as it can be used. */
export const giftOf = (person: Person, exchangeId: string): Promise<Gift> =>
  eventually(
    async () => {
      const { giftExchange } = await person.data<{ giftExchange: { gift: Gift | null } }>(
        `query($id: ID!) { giftExchange(id: $id) { gift { ${GIFT} } } }`,
        { id: exchangeId },
      );
      return giftExchange.gift ?? false;
    },
    { everyMs: 50 },
  );

/** Somebody's exchanges (up to 100), newest first. */
export async function exchangesOf(person: Person): Promise<GiftExchange[]> {
  type Listed = { me: { wallet: { exchanges: { edges: { node: GiftExchange }[] } } } };
  const { me } = await person.data<Listed>(`{ me { wallet { exchanges(first: 100) { edges { node { ${EXCHANGE} } } } } } }`);
  return me.wallet.exchanges.edges.map(({ node }) => node);
}

/** Somebody's gifts that can be used or were (up to 100), newest first. */
export async function giftsOf(person: Person): Promise<Gift[]> {
  const { me } = await person.data<{ me: { gifts: { edges: { node: Gift }[] } } }>(
    `{ me { gifts(first: 100) { edges { node { ${GIFT} } } } } }`,
  );
  return me.gifts.edges.map(({ node }) => node);
}
