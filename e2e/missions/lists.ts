import { expect } from 'vitest';
import { says, type TelegramServer } from '../../subgraphs/notifications/testing/telegram-server.ts';
import { earn, exchange, giftOf, pointsOf, refusalToExchange, registerItem, tryToExchange, useUp } from '../harness/gifts.ts';
import { achieve, createMission } from '../harness/missions.ts';
import { expectToPaginateAndFilter } from '../harness/pages.ts';
import { anonymous, newCustomer, type Person } from '../harness/people.ts';
import { untilQuiet } from '../harness/quiet.ts';
import type { System } from '../harness/system.ts';
import { eventually } from '../harness/until.ts';
import { linkChat, newChat } from './telegram.ts';

interface Entries {
  readonly edges: readonly { readonly node: { readonly kind: string; readonly change: number; readonly balance: number } }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
}

const ENTRIES = `query Entries($first: Int, $after: String) {
  me { wallet { entries(first: $first, after: $after) { edges { node { kind change balance } } pageInfo { hasNextPage endCursor } } } }
}`;

/** Somebody's ledger, newest first, walked in pages of two. */
async function ledgerOf(person: Person): Promise<string[]> {
  const walked: string[] = [];
  for (let after: string | undefined; ; ) {
    const { me } = await person.data<{ me: { wallet: { entries: Entries } } }>(ENTRIES, { first: 2, after });
    const { edges, pageInfo } = me.wallet.entries;
    walked.push(...edges.map(({ node }) => `${node.kind} ${node.change}: ${node.balance}`));
    if (!pageInfo.hasNextPage) return walked;
    after = pageInfo.endCursor;
  }
}

/** Every list of missions, rewards, wallets and gifts, for the customer, for managers and on the pages. */
export async function expectListsToPaginateAndFilter(system: System, admin: Person, telegram: TelegramServer): Promise<void> {
  const customer = await newCustomer(system, { card: null });
  for (const points of [300, 600]) await earn(customer, admin, points);
  const [candy, rare] = [await registerItem(admin, { points: 100 }), await registerItem(admin, { points: 100, stock: 1 })];
  const used = await exchange(customer, candy.id);
  await exchange(customer, candy.id);
  await useUp(customer, (await giftOf(customer, used.id)).id);
  await exchange(customer, rare.id);
  for (const _ of ['none', 'is left'])
    expect(await refusalToExchange(customer, rare.id)).toMatchObject({ extensions: { code: 'SOLD_OUT' } });
  telegram.answer(await linkChat(customer, newChat()), says.blocked);
  for (const points of [10, 20]) {
    const { id } = await achieve(customer, (await createMission(admin, { points })).id);
    await eventually(async () => {
      const { missionRecord } = await customer.data<{ missionRecord: { messageFailure: object | null } }>(
        'query($id: ID!) { missionRecord(id: $id) { messageFailure { reason } } }',
        { id },
      );
      return missionRecord.messageFailure !== null;
    });
  }
  await untilQuiet(system);

  expect(await pointsOf(customer)).toEqual({ balance: 630, held: 0 });
  const sold = (before: number) => [`RELEASE 100: ${before}`, `HOLD -100: ${before - 100}`];
  const spent = (before: number) => [`CAPTURE 0: ${before - 100}`, `HOLD -100: ${before - 100}`];
  const bought = [...spent(700), ...spent(800), ...spent(900)];
  expect(await ledgerOf(customer)).toEqual([
    'CREDIT 20: 630',
    'CREDIT 10: 610',
    ...sold(600),
    ...sold(600),
    ...bought,
    'CREDIT 600: 900',
    'CREDIT 300: 300',
  ]);
  expect((await tryToExchange(customer, rare.id)).errors?.[0]?.extensions.code).toBe('SOLD_OUT');

  const [records, gifts, exchanges] = [
    ['REWARDED', 'MESSAGED'],
    ['ACTIVE', 'USED'],
    ['CAPTURED', 'RELEASED'],
  ];
  for (const at of ['me missionRecords', 'myPage missionRecords']) await expectToPaginateAndFilter(customer, { at, statuses: records });
  for (const at of ['me gifts', 'myPage gifts']) await expectToPaginateAndFilter(customer, { at, statuses: gifts });
  await expectToPaginateAndFilter(customer, { at: 'me wallet exchanges', statuses: exchanges });
  await expectToPaginateAndFilter(customer, { at: 'me rewards' });
  for (const at of ['operationsMissionRecords', 'operationsPage missionRecords'])
    await expectToPaginateAndFilter(admin, { at, statuses: records });
  for (const at of ['operationsGifts', 'operationsPage gifts']) await expectToPaginateAndFilter(admin, { at, statuses: gifts });
  for (const at of ['missions', 'giftItems']) await expectToPaginateAndFilter(anonymous(system), { at });
}
