import { expect } from 'vitest';

type Rows = <Row extends object>(text: string) => Promise<Row[]>;

/** Wallets whose balance or held points are not what their entries and exchanges say, or whose ledger has a gap: none, at any moment. */
export const WRONG_WALLETS = `
  SELECT wallet.* FROM "Wallet" wallet
  LEFT JOIN (SELECT "walletId", sum(change)::int AS balance, count(*)::int AS entries, max(number) AS last,
      sum(CASE kind WHEN 'HOLD' THEN points WHEN 'CREDIT' THEN 0 ELSE -points END)::int AS held FROM "Entry" GROUP BY "walletId") ledger
    ON ledger."walletId" = wallet.id
  LEFT JOIN (SELECT "accountId", sum(points)::int AS held FROM "GiftExchange" WHERE status IN ('HELD', 'RELEASING') GROUP BY "accountId") open
    ON open."accountId" = wallet.id
  WHERE wallet.balance <> coalesce(ledger.balance, 0) OR wallet.held <> coalesce(ledger.held, 0) OR wallet.held <> coalesce(open.held, 0)
    OR wallet.entries <> coalesce(ledger.entries, 0) OR wallet.entries <> coalesce(ledger.last, 0) OR wallet.balance < 0`;

/** Entries whose balance does not follow from the one before: none, at any moment. */
export const BROKEN_CHAINS = `
  SELECT * FROM (SELECT *, lag(balance, 1, 0) OVER (PARTITION BY "walletId" ORDER BY number) AS before FROM "Entry") chain
  WHERE balance <> before + change`;

/** Every wallet is the sum of its ledger. */
export async function expectSoundLedger(rows: Rows): Promise<void> {
  expect(await rows(WRONG_WALLETS)).toEqual([]);
  expect(await rows(BROKEN_CHAINS)).toEqual([]);
}
