import { GiftItemRegistered } from '@madang/gifts/events';
import { type Actor, type User, user } from '@madang/kernel/domain';
import { eventually, quickBreaker } from '@madang/kernel/testing';
import { type RunningContextOptions, runningContext } from '@madang/kernel/testing/context';
import { RewardGranted } from '@madang/rewards/events';
import { uuidv7 } from 'uuidv7';
import { wallets } from '../subgraph.ts';
import { expectSoundLedger } from './ledger.ts';
import { type Mood, standInGifts } from './stand-in-gifts.ts';

export const manager = user('01900000-0000-7000-8000-000000000002', 'CUSTOMER', 'MANAGER');

/** An exchange as the tests read it. */
export interface Shown {
  readonly id: string;
  readonly status: string;
  readonly points: number;
  readonly reason: string | null;
  readonly giftItem: { readonly id: string };
}
export interface ShownWallet {
  readonly id: string;
  readonly balance: number;
  readonly held: number;
  readonly entries: { readonly edges: { readonly node: Readonly<Record<string, unknown>>; readonly cursor: string }[] };
  readonly exchanges: { readonly edges: { readonly node: Shown }[] };
}

export const EXCHANGE = '{ id status title points reason requestedAt decidedAt account { id } giftItem { id } wallet { id balance held } }';
const PAGE = '(first: $first, after: $after)';
const WALLET = `{ id balance held account { id } exchanges { edges { node ${EXCHANGE} } }
  entries${PAGE} { edges { cursor node { kind points change balance title at reward { id } exchange { id status } } } pageInfo { hasNextPage endCursor } } }`;

/** The context; the test plays rewards and gifts. */
export async function runningWallets({ env, ...options }: RunningContextOptions = {}) {
  const gifts = await standInGifts();
  const edge = {
    GIFTS_URL: gifts.url,
    ...quickBreaker('wallets', 'gifts'),
    WALLETS_TO_GIFTS_QUEUE: '200',
  };
  const context = await runningContext(wallets, { ...options, env: { ...edge, ...env } });
  const { ask, rows, publish } = context;

  const balance = async (accountId: string) =>
    (await rows<{ balance: number; held: number }>('SELECT balance, held FROM "Wallet" WHERE id = $1', accountId))[0];
  /** Another gift item, as gifts tell it. */
  async function item(points = 300, giftItemId = uuidv7()): Promise<string> {
    await publish(GiftItemRegistered, { giftItemId, points });
    await eventually(async () => (await rows('SELECT FROM "GiftItem" WHERE id = $1', giftItemId)).length === 1);
    return giftItemId;
  }
  async function reward(accountId: string, points: number, rewardId = uuidv7(), times = 1): Promise<string> {
    await publish(RewardGranted, { accountId, rewardId, points, title: '첫 대여' }, times);
    await eventually(async () => (await rows(`SELECT FROM "Entry" WHERE reference = $1 AND kind = 'CREDIT'`, rewardId)).length === 1);
    return rewardId;
  }

  return {
    ...context,
    gifts,
    item,
    reward,
    balance,
    /** Another customer, who has that many points, while gifts say that to them. */
    async customer(points = 0, mood?: Mood): Promise<User> {
      const customer = user(uuidv7(), 'CUSTOMER');
      if (mood) gifts.moods.set(customer.accountId, mood);
      if (points > 0) await reward(customer.accountId, points);
      return customer;
    },
    exchange: (giftItemId: string, actor: Actor, input: object = {}, to?: string) =>
      ask<Shown>(
        `mutation E($input: ExchangeGiftInput!) { exchangeGift(input: $input) ${EXCHANGE} }`,
        { input: { giftItemId, ...input } },
        actor,
        to,
      ),
    giftExchange: (id: string, actor: Actor) => ask<Shown>(`query ($id: ID!) { giftExchange(id: $id) ${EXCHANGE} }`, { id }, actor),
    async wallet(accountId: string, actor: Actor, page: { first?: number; after?: string } = {}): Promise<ShownWallet | null> {
      const query = `query ($id: ID!, $first: Int, $after: String) {
        _entities(representations: [{ __typename: "Account", id: $id }]) { ... on Account { wallet ${WALLET} } } }`;
      const { data } = await ask<{ wallet: ShownWallet | null }[]>(query, { id: accountId, ...page }, actor);
      return data?.[0]?.wallet ?? null;
    },
    exchangesOf: ({ accountId }: User) =>
      rows<{ id: string; status: string; points: number; reason: string | null; giftId: string | null }>(
        'SELECT * FROM "GiftExchange" WHERE "accountId" = $1 ORDER BY id',
        accountId,
      ),
    intents: (key: string) => rows<{ kind: string }>('SELECT kind FROM kernel.intent WHERE key = $1', key),
    callsFor: ({ accountId }: User) => gifts.calls.filter((call) => call.accountId === accountId),
    sound: () => expectSoundLedger(rows),

    async close() {
      await context.close();
      gifts.close();
    },
  };
}

export type RunningWallets = Awaited<ReturnType<typeof runningWallets>>;
