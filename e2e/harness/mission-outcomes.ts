import { expect } from 'vitest';
import { expectSoundLedger } from '../../subgraphs/wallets/testing/ledger.ts';
import type { System } from './system.ts';

type Is = { of: string; is: string };

const found = (rows: readonly Is[]) => Object.fromEntries(rows.map(({ of, is }) => [of, is]));

/** At any moment: no balance below zero, each the sum of its ledger. */
export const expectSoundWallets = ({ databases }: System): Promise<void> =>
  expectSoundLedger(<Row extends object>(sql: string) => databases.query<Row & Record<string, unknown>>('wallets', sql));

/** Points spent equal gifts issued: each captured exchange has its gift that can be used, at its price, and there is no other. For a system that is quiet. */
export async function expectPointsToEqualGifts(system: System): Promise<void> {
  const { databases } = system;
  await expectSoundWallets(system);
  const [undecided, spent, issued, entries] = await Promise.all([
    databases.query('wallets', `SELECT "id", "status" FROM "GiftExchange" WHERE "status" IN ('HELD', 'RELEASING')`),
    databases.query<Is>(
      'wallets',
      `SELECT "id"::text AS of, concat_ws(' ', "giftId", "accountId", "giftItemId", "points") AS is FROM "GiftExchange" WHERE "status" = 'CAPTURED'`,
    ),
    databases.query<Is>(
      'gifts',
      `SELECT "exchangeId" AS of, concat_ws(' ', "id", "accountId", "giftItemId", "points") AS is FROM "Gift" WHERE "status" IN ('ACTIVE', 'USED')`,
    ),
    databases.query<Is>(
      'wallets',
      `SELECT e."reference" AS of, string_agg(concat_ws(' ', e."kind", e."points"), ', ' ORDER BY e."number") AS is FROM "Entry" e WHERE e."kind" <> 'CREDIT' GROUP BY 1`,
    ),
  ]);
  expect(undecided, 'points that are still held').toEqual([]);
  expect(found(issued), 'gifts that can be used').toEqual(found(spent));
  expect(await databases.query('gifts', `SELECT "id" FROM "Gift" WHERE "status" = 'ISSUED'`), 'gifts that nobody can use').toEqual([]);
  expect(await databases.query('gifts', 'SELECT "exchangeId" FROM "Gift" GROUP BY 1 HAVING count(*) > 1'), 'second gifts').toEqual([]);
  const booked = entries.filter(({ of, is }) => !(of in found(spent) ? /^HOLD (\d+), CAPTURE \1$/ : /^HOLD (\d+), RELEASE \1$/).test(is));
  expect(booked, 'exchanges that were not held once and then spent or given back once').toEqual([]);
  const overdrawn = `SELECT i."id" FROM "GiftItem" i LEFT JOIN "Gift" g ON g."giftItemId" = i."id" AND g."status" <> 'VOIDED'
    WHERE i."stock" IS NOT NULL GROUP BY i."id" HAVING i."remaining" <> i."stock" - count(g."id")`;
  expect(await databases.query('gifts', overdrawn), 'items whose stock does not add up').toEqual([]);
}

/** Each achievement is rewarded once and credited once. For a system that is quiet. */
export async function expectEachMissionRewardedOnce({ databases }: System): Promise<void> {
  const [records, rewards, credits] = await Promise.all([
    databases.query<Is>(
      'missions',
      `SELECT "id"::text AS of, concat_ws(' ', "rewardId", "accountId", "missionId", "points") AS is FROM "MissionRecord"`,
    ),
    databases.query<Is>('rewards', `SELECT "recordId" AS of, concat_ws(' ', "id", "accountId", "missionId", "points") AS is FROM "Reward"`),
    databases.query<Is>(
      'wallets',
      `SELECT "reference" AS of, string_agg(concat_ws(' ', "walletId", "points"), ', ') AS is FROM "Entry" WHERE "kind" = 'CREDIT' GROUP BY 1`,
    ),
  ]);
  expect(found(rewards)).toEqual(found(records));
  const due = rewards.map(({ is }) => {
    const [id = '', accountId, , points] = is.split(' ');
    return { of: id, is: `${accountId} ${points}` };
  });
  expect(found(credits)).toEqual(found(due));
}

/** The page has a row for every achievement, and shows it as missions and rewards keep it. For a system that is quiet. */
export async function expectEachMissionRowOnce({ databases }: System): Promise<void> {
  const [records, rows] = await Promise.all([
    databases.query<Is>(
      'missions',
      `SELECT "id"::text AS of, concat_ws(', ', "status", "title", "points", "rewardId", coalesce("messageId", '-'), coalesce("messageFailure", 'no failure')) AS is FROM "MissionRecord"`,
    ),
    databases.query<Is>(
      'my_pages',
      `SELECT "id" AS of, concat_ws(', ', "status", "title", "points", "rewardId", coalesce("messageId", '-'), coalesce("messageFailureReason", 'no failure')) AS is FROM "MissionRecordRow"`,
    ),
  ]);
  expect(found(rows)).toEqual(found(records));
}

/** The page has a row for every gift that can be used or was, and shows it as gifts keep it. For a system that is quiet. */
export async function expectEachGiftRowOnce({ databases }: System): Promise<void> {
  const is = `concat_ws(' ', "status", "title", "points", "giftItemId", "activatedAt", "usedAt") AS is`;
  const seen = `"status" IN ('ACTIVE', 'USED')`;
  const [gifts, rows] = await Promise.all([
    databases.query<Is>('gifts', `SELECT concat_ws(' ', "exchangeId", "id") AS of, ${is} FROM "Gift" WHERE ${seen}`),
    databases.query<Is>('my_pages', `SELECT concat_ws(' ', "id", "giftId") AS of, ${is} FROM "GiftRow" WHERE ${seen}`),
  ]);
  expect(found(rows)).toEqual(found(gifts));
}

/** Each use of a gift was told once. They are sent by a call, so no event's id is theirs. For a system that is quiet. */
export async function expectEachUseToldOnce({ databases }: System): Promise<number> {
  const [used, told] = await Promise.all([
    databases.query<{ id: string }>('gifts', `SELECT "id"::text FROM "Gift" WHERE "status" = 'USED' ORDER BY 1`),
    databases.query<{ id: string }>('notifications', `SELECT "aboutId" AS id FROM "Message" WHERE "template" = 'GIFT_USED' ORDER BY 1`),
  ]);
  expect(told, 'messages of gifts that were used').toEqual(used);
  return told.length;
}
