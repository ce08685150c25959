import type { Kept, Priced } from '../load/scenario.ts';
import { figure } from '../report/statistics.ts';
import { Client } from './client.ts';
import { type Person, staff } from './people.ts';
import type { System } from './system.ts';
import { sideBySide, until } from './until.ts';

const CREATE = 'mutation Create($input: CreateMissionInput!) { createMission(input: $input) { id } }';
const REGISTER = 'mutation Register($input: RegisterGiftItemInput!) { registerGiftItem(input: $input) { id points } }';
export const ACHIEVE = 'mutation Achieve($input: AchieveMissionInput!) { achieveMission(input: $input) { id status } }';

const AT_ONCE = 8;
/** The most that a mission may be worth. */
const FORTUNE = 1_000_000;

/** So many new missions. */
export async function newMissions(system: Pick<System, 'url'>, count: number, points = 100): Promise<string[]> {
  const { token } = await staff(system, 'admin');
  const client = new Client(system.url, AT_ONCE);
  const one = async (number: number) => {
    const input = { title: `미션 ${number}`, description: '벤치마크', points };
    return (await client.data<{ createMission: { id: string } }>(CREATE, { input }, token)).createMission.id;
  };
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  return sideBySide(numbers, AT_ONCE, one).finally(() => client.close());
}

/** An unlimited gift item that costs little, and for each of those people points enough for any number of them. */
export async function giftsFor(system: System, people: readonly Person[]): Promise<Priced> {
  const { token } = await staff(system, 'admin');
  const client = new Client(system.url, AT_ONCE);
  try {
    const input = { title: '사탕', description: '벤치마크', points: 10 };
    const { registerGiftItem } = await client.data<{ registerGiftItem: Priced }>(REGISTER, { input }, token);
    const [missionId] = await newMissions(system, 1, FORTUNE);
    await sideBySide(people, AT_ONCE, (person) => client.data(ACHIEVE, { input: { missionId } }, person.token));
    const rich = `SELECT count(*) FROM "Wallet" WHERE "balance" >= ${FORTUNE} AND "id" = ANY($1::text[])`;
    const ids = people.map(({ accountId }) => accountId);
    const all = async () => (await system.databases.count('wallets', rich, [ids])) === ids.length || undefined;
    await until('everybody has points', all, { withinMs: 60_000, everyMs: 50 });
    const known = async () =>
      (await system.databases.count('wallets', 'SELECT count(*) FROM "GiftItem" WHERE "id" = $1', [registerGiftItem.id])) === 1 ||
      undefined;
    await until('wallets know the gift item', known, { withinMs: 60_000, everyMs: 50 });
    return registerGiftItem;
  } finally {
    await client.close();
  }
}

const ACTIVE = `SELECT count(*) FROM "Gift" WHERE "status" = 'ACTIVE' AND "exchangeId" = ANY($1::text[])`;
const OTHERS = `SELECT count(*) FROM "Gift" WHERE "giftItemId" = $1 AND "status" NOT IN ('ACTIVE', 'VOIDED')`;
const SPENT = `SELECT coalesce(sum("points"), 0) FROM "GiftExchange" WHERE "giftItemId" = $1 AND "status" = 'CAPTURED'`;
const ISSUED = `SELECT coalesce(sum("points"), 0) FROM "Gift" WHERE "giftItemId" = $1 AND "status" = 'ACTIVE'`;
const WRONG = `SELECT count(*) FROM "Wallet" w WHERE w."balance" < 0 OR w."balance" <> (SELECT coalesce(sum(e."change"), 0) FROM "Entry" e WHERE e."walletId" = w."id")`;

/** @throws when an exchange that was answered has no active gift, when points spent are not gifts issued, or a balance is not the sum of its ledger */
export async function auditExchanges({ databases }: System, item: Priced, kept: readonly Kept[], signal: AbortSignal): Promise<string> {
  const ids = kept.map(({ id }) => id);
  const began = performance.now();
  const active = async () => (await databases.count('gifts', ACTIVE, [ids])) === ids.length || undefined;
  await until('every exchange has its gift', active, { withinMs: 120_000, everyMs: 100, signal });
  const settled = async () => (await databases.count('gifts', OTHERS, [item.id])) === 0 || undefined;
  await until('no gift is undecided', settled, { withinMs: 120_000, everyMs: 100, signal });
  const seconds = figure((performance.now() - began) / 1_000);
  const [spent, issued, wrong] = await Promise.all([
    databases.count('wallets', SPENT, [item.id]),
    databases.count('gifts', ISSUED, [item.id]),
    databases.count('wallets', WRONG),
  ]);
  if (spent !== issued) throw new Error(`${spent} points spent for gifts of ${issued}`);
  if (wrong > 0) throw new Error(`${wrong} balances are not the sums of their ledgers`);
  return `in the databases: ${ids.length} exchanges with an active gift each, ${spent} points spent for gifts of as many, every balance the sum of its ledger; the last ${seconds} s after the load`;
}
