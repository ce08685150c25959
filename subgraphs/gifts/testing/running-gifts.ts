import { type Actor, service, type User, user } from '@madang/kernel/domain';
import { quickBreaker } from '@madang/kernel/testing';
import { type RunningContextOptions, runningContext } from '@madang/kernel/testing/context';
import { uuidv7 } from 'uuidv7';
import { gifts } from '../subgraph.ts';
import { standInNotifications } from './stand-in-notifications.ts';

export const manager = user('01900000-0000-7000-8000-000000000002', 'CUSTOMER', 'MANAGER');
export const admin = user('01900000-0000-7000-8000-000000000004', 'CUSTOMER', 'ADMIN');
export const wallets = service('wallets');

/** A gift as the tests read it. */
export interface Shown {
  readonly id: string;
  readonly status: string;
  readonly title: string | null;
  readonly account: { readonly id: string };
  readonly item: { readonly id: string; readonly remaining: number | null } | null;
}
export interface ShownItem {
  readonly id: string;
  readonly title: string;
  readonly points: number;
  readonly remaining: number | null;
}

export const ITEM = '{ id title description points remaining }';
export const GIFT = '{ id status title points issuedAt activatedAt usedAt account { id } item { id remaining } exchange { id } }';

/** Somebody's exchange of points. */
export interface Exchange {
  readonly accountId: string;
  readonly exchangeId: string;
}

/** The context; the test plays wallets and notifications. */
export async function runningGifts({ env, ...options }: RunningContextOptions = {}) {
  const notifications = await standInNotifications();
  const edge = {
    NOTIFICATIONS_URL: notifications.url,
    ...quickBreaker('gifts', 'notifications'),
    GIFTS_MESSAGE_LEASE_MS: '1000',
  };
  const context = await runningContext(gifts, { ...options, env: { ...edge, ...env } });
  const { ask, rows } = context;

  const register = (input: object = {}, actor: Actor = admin) =>
    ask<ShownItem>(
      `mutation R($input: RegisterGiftItemInput!) { registerGiftItem(input: $input) ${ITEM} }`,
      { input: { title: '아메리카노 쿠폰', description: '한 잔', points: 300, ...input } },
      actor,
    );
  const internal = (name: 'issueGift' | 'activateGift' | 'voidGift') => {
    const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input!`;
    return (exchange: Exchange, input: object = {}, actor: Actor = wallets) =>
      ask<Shown>(
        `mutation I($input: ${type}) { ${name}(input: $input) ${GIFT} }`,
        { input: { ...exchange, idempotencyKey: exchange.exchangeId, ...input } },
        actor,
      );
  };
  const [issue, activate, revoke] = [internal('issueGift'), internal('activateGift'), internal('voidGift')];

  return {
    ...context,
    notifications,
    register,
    issue,
    activate,
    /** voidGift. */
    revoke,
    exchange: (accountId = uuidv7()): Exchange => ({ accountId, exchangeId: uuidv7() }),
    owner: ({ accountId }: Exchange): User => user(accountId, 'CUSTOMER'),

    /** Another customer's gift that can be used. */
    async activated() {
      const exchange = { accountId: uuidv7(), exchangeId: uuidv7() };
      const item = (await register()).data;
      await issue(exchange, { giftItemId: item?.id, points: 300 });
      const { data } = await activate(exchange);
      return { ...exchange, giftId: data?.id ?? '', owner: user(exchange.accountId, 'CUSTOMER') };
    },
    use: (giftId: string, actor: Actor) =>
      ask<Shown>(`mutation U($input: UseGiftInput!) { useGift(input: $input) ${GIFT} }`, { input: { giftId } }, actor),
    gift: (id: string, actor: Actor) => ask<Shown>(`query ($id: ID!) { gift(id: $id) ${GIFT} }`, { id }, actor),
    item: async (id: string) => (await ask<ShownItem>(`query ($id: ID!) { giftItem(id: $id) ${ITEM} }`, { id })).data,
    giftsOf: ({ exchangeId }: Exchange) =>
      rows<{ id: string; status: string; version: number }>('SELECT * FROM "Gift" WHERE "exchangeId" = $1', exchangeId),
    intents: (key: string) => rows<{ kind: string }>('SELECT kind FROM kernel.intent WHERE key = $1', key),

    async close() {
      await context.close();
      notifications.close();
    },
  };
}

export type RunningGifts = Awaited<ReturnType<typeof runningGifts>>;
