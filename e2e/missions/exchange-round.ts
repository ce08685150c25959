import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { type Answer, patiently } from '../harness/client.ts';
import { COFFEE, earn, type GiftExchange, type GiftItem, pointsOf, registerItem, tryToExchange } from '../harness/gifts.ts';
import { expectPointsToEqualGifts, expectSoundWallets } from '../harness/mission-outcomes.ts';
import { newCustomer, type Person } from '../harness/people.ts';
import { untilQuiet } from '../harness/quiet.ts';
import type { System } from '../harness/system.ts';
import { elapsed, eventually, sideBySide, upTo } from '../harness/until.ts';

const EXCHANGES = 200;
/** Exchanges that are answered from one killing to the next. */
const BETWEEN = 50;
/** From the moment that the process is back for the last time. */
const FINAL_WITHIN_MS = 30_000;

/** Who exchanges while processes are killed, and what they were told. */
export interface Savers {
  readonly system: System;
  readonly admin: Person;
  readonly people: readonly Person[];
  /** The ids of the exchanges that they were told they have. */
  readonly told: Set<string>;
}

export async function saversOf(system: System, admin: Person): Promise<Savers> {
  return { system, admin, people: await sideBySide(upTo(8), 2, () => newCustomer(system, { card: null })), told: new Set() };
}

/** An answer that is final: the exchange, or why there is none. */
type Final = { readonly exchangeGift?: GiftExchange; readonly refused?: string };
const NO = ['NOT_ENOUGH_POINTS', 'SOLD_OUT'];

/** As a good client does: again, with the same key, until it has a gift or a definite no. */
async function use(person: Person, itemId: string) {
  const idempotencyKey = randomUUID();
  const ask = async (): Promise<Answer<Final>> => {
    const answer = await tryToExchange(person, itemId, { idempotencyKey });
    const refused = answer.errors?.[0]?.extensions.code;
    return refused && NO.includes(refused) ? { data: { refused } } : answer;
  };
  const { data, codes } = await patiently(ask);
  return { person, codes, ...data };
}

/** Looks at all wallets again and again, while processes are killed: none is ever wrong. */
function watchWallets(system: System) {
  let stopped = false;
  let looks = 0;
  const watching = (async () => {
    for (; !stopped; looks++) {
      await expectSoundWallets(system);
      await elapsed(20, 'between two looks');
    }
  })();
  watching.catch(() => {}); // it is awaited by stop
  return {
    async stop() {
      stopped = true;
      await watching;
      return looks;
    },
  };
}

function tally(words: readonly string[]): string {
  const counts = Map.groupBy(words, (word) => word);
  return [...counts].map(([word, all]) => `${all.length} ${word}`).join(', ') || 'nobody noticed';
}

const undecided = ({ databases }: System) =>
  databases.count('wallets', `SELECT count(*) FROM "GiftExchange" WHERE "status" IN ('HELD', 'RELEASING')`);

/** Kills the processes, one lot after the other, in the middle of the exchanges, starts them again, and expects that no point and no gift is lost or made. */
export async function killInTheMiddle({ system, admin, people, told }: Savers, victims: readonly (readonly string[])[]): Promise<void> {
  const rare: GiftItem = await registerItem(admin, { points: 200, stock: 30 });
  // Enough for about four in five of what they want.
  await sideBySide(people, 4, (person) => earn(person, admin, 20 * COFFEE.points));
  const before = await sideBySide(people, 4, pointsOf);
  const wallets = watchWallets(system);
  let answered = 0;
  const load = sideBySide(upTo(EXCHANGES), 16, async (index) => {
    const used = await use(people[index % people.length] as Person, index % 5 === 4 ? rare.id : COFFEE.id);
    answered++;
    return used;
  });
  load.catch(() => {}); // it is awaited below
  for (const [at, names] of victims.entries()) {
    await eventually(() => answered >= (at + 1) * BETWEEN - 30, { withinMs: 60_000, everyMs: 2 });
    await elapsed(Math.random() * 30, 'at whatever point an exchange is');
    expect(answered, 'exchanges were still to come').toBeLessThan(EXCHANGES);
    await Promise.all(names.map((name) => system.madang.kill(name, 'SIGKILL')));
    await Promise.all(names.map((name) => system.madang.restart(name)));
  }
  const backAt = Date.now();

  const used = await load;
  await eventually(async () => expect(await undecided(system)).toBe(0), { withinMs: backAt + FINAL_WITHIN_MS - Date.now(), everyMs: 100 });
  const seconds = ((Date.now() - backAt) / 1_000).toFixed(1);
  await untilQuiet(system);
  expect(await wallets.stop()).toBeGreaterThan(10);
  await expectPointsToEqualGifts(system);

  const got = used.flatMap(({ person, exchangeGift }) => (exchangeGift ? [{ person, ...exchangeGift }] : []));
  expect(new Set(got.map(({ status }) => status))).toEqual(new Set(['CAPTURED']));
  for (const { id } of got) told.add(id);
  const after = await sideBySide(people, 4, pointsOf);
  const spent = people.map((person) => got.reduce((sum, one) => sum + (one.person === person ? one.points : 0), 0));
  expect(after).toEqual(before.map(({ balance }, index) => ({ balance: balance - (spent[index] ?? 0), held: 0 })));
  const refused = used.flatMap(({ refused = [] }) => refused);
  console.log(
    `${victims.map((names) => names.join(' and ')).join(', ')}: all decided ${seconds} s after the last restart; ${got.length} gifts, ${tally(refused)}; clients were told: ${tally(used.flatMap(({ codes }) => codes))}`,
  );
}

/** Nobody has a gift that they were not told of. */
export async function expectNoExchangeTooMany({ system, people, told }: Savers): Promise<void> {
  const captured = await system.databases.query<{ id: string }>(
    'wallets',
    `SELECT "id"::text FROM "GiftExchange" WHERE "status" = 'CAPTURED' AND "accountId" = ANY($1)`,
    [people.map(({ accountId }) => accountId)],
  );
  expect(captured.map(({ id }) => id).toSorted()).toEqual([...told].toSorted());
}
