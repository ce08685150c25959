import { type Aggregate, defineFact, type Fact } from '@madang/kernel/domain';
import type { WalletEvent } from './events.ts';
import { askedOf, type GiftExchange } from './gift-exchange.ts';

/** The points of an account (지갑): always the sum of its entries. */
export interface Wallet {
  /** The account's id. */
  readonly id: string;
  /** What can be spent. */
  readonly balance: number;
  /** What is kept for gifts that are being issued. */
  readonly held: number;
  /** How many entries it has. */
  readonly entries: number;
}

/** What is booked on a wallet (원장). */
export interface Entry {
  /** Counts a wallet's entries, from 1. */
  readonly number: number;
  readonly kind: 'CREDIT' | 'HOLD' | 'CAPTURE' | 'RELEASE';
  readonly points: number;
  /** What it does to the balance. */
  readonly change: number;
  /** Balance and held points after it. */
  readonly balance: number;
  readonly held: number;
  readonly title: string;
  /** The reward of a CREDIT, the exchange of all others. */
  readonly reference: string;
  readonly at: Date;
}

/** A gift item as gifts has told it. */
export interface GiftItem {
  readonly id: string;
  readonly title: string;
  readonly points: number;
}

/** A wallet, and what is to be booked on it: whatever changes one account's points goes through its wallet's version. */
export interface Booking {
  readonly wallet: Wallet;
  /** The exchange that it is about. */
  readonly exchange: GiftExchange | null;
  /** What is wanted of it, if there is such a thing. */
  readonly item: GiftItem | null;
  /** Whether the reward that it is about is in the ledger. */
  readonly credited: boolean;
  /** What the last event booked. */
  readonly entry: Entry | null;
}

type ExchangeGivenUp = Fact<'ExchangeGivenUp', { readonly reason: string }>;
/** There is to be no gift; until that is certain, the points stay held. */
export const exchangeGivenUp = defineFact<ExchangeGivenUp>('ExchangeGivenUp');

/** All that happens to a wallet; the fact stays inside. */
export type WalletChange = WalletEvent | ExchangeGivenUp;

export const emptyWallet = (id: string): Wallet => ({ id, balance: 0, held: 0, entries: 0 });

const KINDS = { WalletCredited: 'CREDIT', PointsHeld: 'HOLD', PointsCaptured: 'CAPTURE', PointsReleased: 'RELEASE' } as const;

function entryOf({ balance, held, entries }: Wallet, { name, data }: WalletEvent): Entry {
  const { points, title } = data;
  const common = { number: entries + 1, kind: KINDS[name], points, title, at: new Date(data.at) };
  const reference = 'rewardId' in data ? data.rewardId : data.exchangeId;
  switch (name) {
    case 'WalletCredited':
      return { ...common, change: points, balance: balance + points, held, reference };
    case 'PointsHeld':
      return { ...common, change: -points, balance: balance - points, held: held + points, reference };
    case 'PointsCaptured':
      return { ...common, change: 0, balance, held: held - points, reference };
    case 'PointsReleased':
      return { ...common, change: points, balance: balance + points, held: held - points, reference };
  }
}

function decided(exchange: GiftExchange | null, name: string): GiftExchange {
  if (exchange === null) throw new TypeError(`${name} before PointsHeld`);
  return exchange;
}

function evolveExchange(exchange: GiftExchange | null, event: WalletEvent): GiftExchange | null {
  const at = new Date(event.data.at);
  switch (event.name) {
    case 'WalletCredited':
      return exchange;
    case 'PointsHeld': {
      const { exchangeId: id, accountId, giftItemId, title, points } = event.data;
      return { id, accountId, giftItemId, title, points, requestedAt: at, status: 'HELD' };
    }
    case 'PointsCaptured':
      return { ...askedOf(decided(exchange, event.name)), status: 'CAPTURED', giftId: event.data.giftId, decidedAt: at };
    case 'PointsReleased':
      return { ...askedOf(decided(exchange, event.name)), status: 'RELEASED', reason: event.data.reason, decidedAt: at };
  }
}

export const booking: Aggregate<Booking, WalletChange> = {
  name: 'wallet',
  evolve(state, event) {
    if (event.name === 'ExchangeGivenUp') {
      if (state === null) throw new TypeError('ExchangeGivenUp before PointsHeld');
      const { reason } = event.data;
      return { ...state, exchange: { ...askedOf(decided(state.exchange, event.name)), status: 'RELEASING', reason }, entry: null };
    }
    const { wallet: before, exchange, item } = state ?? { wallet: emptyWallet(event.data.accountId), exchange: null, item: null };
    const entry = entryOf(before, event);
    const wallet = { id: before.id, balance: entry.balance, held: entry.held, entries: entry.number };
    const credited = state?.credited === true || event.name === 'WalletCredited';
    return { wallet, exchange: evolveExchange(exchange, event), item, credited, entry };
  },
};
