import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tallyYard } from '../testing/yard.ts';
import { type Rows, rowsOf, sql } from './index.ts';

type Tally = { readonly id: string; readonly count: number; readonly version: number };

let yard: Awaited<ReturnType<typeof tallyYard>>;
let rows: Rows<Tally>;
/** Five of them, oldest first, counting 1 to 5. */
const ids = Array.from({ length: 5 }, () => uuidv7());

beforeAll(async () => {
  yard = await tallyYard();
  rows = rowsOf<Tally>(yard.db, 'Tally');
  for (const [at, id] of ids.entries()) await yard.raise(id, at + 1);
});
afterAll(() => yard?.close());

const counts = (found: readonly Tally[]) => found.map(({ count }) => count);

it('finds one row, or none', async () => {
  expect(await rows.one('id', ids[2] ?? '')).toEqual({ id: ids[2], count: 3, version: 1 });
  expect(await rows.one('id', uuidv7())).toBeNull();
});

it('finds those among many ids that are there', async () => {
  const found = await rows.among('id', [ids[4] ?? '', uuidv7(), ids[0] ?? '']);
  expect(counts(found).sort()).toEqual([1, 5]);
  expect(await rows.among('id', [])).toEqual([]);
});

it('lists the newest first, page by page, those for which all conditions hold', async () => {
  expect(counts(await rows.newest({ take: 2 }, []))).toEqual([5, 4]);
  expect(counts(await rows.newest({ take: 9, cursorId: ids[3] ?? '' }, []))).toEqual([3, 2, 1]);
  expect(counts(await rows.newest({ take: 9, cursorId: ids[4] ?? '' }, [sql`"count" > ${1}`, sql`"count" <> ${3}`]))).toEqual([4, 2]);
});
