import { service, type User, user } from '@madang/kernel/domain';
import { type Carriage, eventually, wireTo } from '@madang/kernel/testing';
import { type Answer, ContextProcess, contextStage } from '@madang/kernel/testing/context';
import { RewardGranted } from '@madang/rewards/events';
import { uuidv7 } from 'uuidv7';
import { expectSoundLedger } from './ledger.ts';
import type { Shown } from './running-wallets.ts';

const admin = user('01900000-0000-7000-8000-000000000004', 'CUSTOMER', 'ADMIN');

/** The real gifts and the real wallets, each as a process with a database that can be killed, and the wire between them. */
export async function walletsWithGifts() {
  const own = await contextStage('wallets', {
    LOG_LEVEL: 'fatal',
    WALLETS_EXCHANGE_LEASE_MS: '2000',
    WALLETS_TO_GIFTS_BREAKER_OPEN_MS: '300',
    WALLETS_TO_GIFTS_BREAKER_FAILURES: '10',
  });
  const theirs = await contextStage('gifts', { ...own.env, NOTIFICATIONS_URL: 'http://127.0.0.1:9/graphql' });
  let carries = (): Carriage => 'SOUND';
  const gifts = await new ContextProcess(new URL('../../gifts/main.ts', import.meta.url), theirs.env).start();
  const wire = await wireTo(
    () => gifts.url,
    () => carries(),
  );
  const wallets = await new ContextProcess(new URL('../main.ts', import.meta.url), { ...own.env, GIFTS_URL: wire.url }).start();

  return {
    own,
    theirs,
    wallets,
    gifts,
    wire,
    /** From now on, calls to gifts fare like that. */
    carry(how: () => Carriage): void {
      carries = how;
    },
    /** A gift item that wallets have heard of. */
    async item(points: number, stock?: number): Promise<string> {
      const input = { title: '쿠폰', description: '한 장', points, stock };
      const register = 'mutation R($input: RegisterGiftItemInput!) { registerGiftItem(input: $input) { id } }';
      const { data } = await theirs.askAt<{ id: string }>(gifts.url, register, { input }, admin);
      const id = data?.id ?? '';
      await eventually(async () => (await own.rows('SELECT FROM "GiftItem" WHERE id = $1', id)).length === 1);
      return id;
    },
    async customer(points: number): Promise<User> {
      const accountId = uuidv7();
      await own.publish(RewardGranted, { accountId, rewardId: uuidv7(), points });
      await eventually(async () => (await own.rows('SELECT FROM "Wallet" WHERE id = $1', accountId)).length === 1);
      return user(accountId, 'CUSTOMER');
    },
    /** Null when the process was not there to answer. */
    exchange: (giftItemId: string, customer: User, input: object = {}): Promise<Answer<Shown> | null> =>
      own
        .askAt<Shown>(
          wallets.url,
          'mutation E($input: ExchangeGiftInput!) { exchangeGift(input: $input) { id status } }',
          { input: { giftItemId, ...input } },
          customer,
        )
        .catch(() => null),
    /** A call of wallets', as another context's identity makes it. */
    callGifts: (mutation: string, type: string, input: object) =>
      theirs.askAt<{ status: string }>(
        gifts.url,
        `mutation G($input: ${type}!) { ${mutation}(input: $input) { status } }`,
        { input },
        service('wallets'),
      ),

    /** Nothing is open: what was spent is what was issued, and no gift is between the two. */
    async expectSpentIsIssued(): Promise<void> {
      await eventually(async () => (await own.openIntents()).length === 0, { withinMs: 30_000, everyMs: 100 });
      const exchanges = await own.rows<{ id: string; status: string; points: number; giftId: string | null }>(
        'SELECT * FROM "GiftExchange"',
      );
      const given = await theirs.rows<{ id: string; exchangeId: string; status: string; points: number | null }>('SELECT * FROM "Gift"');
      const spent = exchanges.filter(({ status }) => status === 'CAPTURED').map(({ id, giftId, points }) => `${id} ${giftId} ${points}`);
      const issued = given.filter(({ status }) => status === 'ACTIVE').map(({ id, exchangeId, points }) => `${exchangeId} ${id} ${points}`);
      if (spent.sort().join() !== issued.sort().join()) throw new Error(`spent ${spent.join()}, issued ${issued.join()}`);
      const between = [...exchanges, ...given].filter(({ status }) => ['HELD', 'RELEASING', 'ISSUED'].includes(status));
      if (between.length > 0) throw new Error(`nobody has decided ${JSON.stringify(between)}`);
      await expectSoundLedger(own.rows);
    },
    /** Limited items whose stock is not what their gifts leave of it. */
    wrongStocks: () =>
      theirs.rows(`SELECT item.id FROM "GiftItem" item LEFT JOIN "Gift" gift ON gift."giftItemId" = item.id AND gift.status <> 'VOIDED'
        WHERE item.stock IS NOT NULL GROUP BY item.id HAVING item.stock - item.remaining <> count(gift.id)`),

    async close(): Promise<void> {
      await wallets.kill('SIGTERM');
      await gifts.kill('SIGTERM');
      wire.close();
      await Promise.all([own.close(), theirs.close()]);
    },
  };
}

export type WalletsWithGifts = Awaited<ReturnType<typeof walletsWithGifts>>;
