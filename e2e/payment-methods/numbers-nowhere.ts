import { expect } from 'vitest';
import { everyFile, everyTable, type Written, writeAheadLog } from '../harness/everything-written.ts';
import { digestsIn, formsInTheClear } from '../harness/secret-numbers.ts';
import type { System } from '../harness/system.ts';

/** Looks for all numbers of `secret-numbers.ts` in what clients were told, and in all that was written; `toldOf` is a payment method that is told of everywhere. */
export async function expectNoNumberAnywhere(
  system: System,
  { errors, toldOf }: { errors: readonly string[]; toldOf: string },
): Promise<void> {
  const inTheClear = formsInTheClear();
  const found: string[] = [];
  /** Where the last payment method is told of: that is where a number would be, too. */
  const places: string[] = [];
  const look = ({ where, bytes }: Written) => {
    if (bytes.includes(toldOf)) places.push(where);
    for (const form of inTheClear) if (bytes.includes(form)) found.push(`${form} in ${where}`);
  };
  const lookWell = (written: Written) => {
    look(written);
    for (const digest of digestsIn(written.bytes.toString('latin1'))) found.push(`${digest} in ${written.where}`);
  };
  for (const error of errors) lookWell({ where: `what a client was told: ${error}`, bytes: Buffer.from(error) });
  for await (const written of everyTable(system)) lookWell(written);
  const logs = new Map<string, string>();
  for (const written of everyFile(system)) {
    lookWell(written);
    if (written.where.startsWith('data/logs/')) logs.set(written.where, written.bytes.toString());
  }
  for (const written of writeAheadLog(system)) look(written);
  expect(found).toEqual([]);

  const PLACES = [
    ...[/^payments public\."BillingKey"/, /^payment_methods public\."PaymentMethod"/, /^payment_methods kernel\.outbox/],
    ...[/nats\/.*\/PAYMENT_METHODS\/.*\.blk/, /nats\/.*\/DEAD_LETTERS\/.*\.blk/, /pg_wal\//],
  ];
  for (const place of PLACES) expect(places, `${place} was looked into`).toContainEqual(expect.stringMatching(place));
  for (const name of ['contexts', 'payments', 'payment-methods'])
    expect(logs.get(`data/logs/${name}.log`), `${name} logs everything`).toMatch(/"level":"(debug|trace)"/);
  // The router has nothing to tell at that level as long as nothing fails.
  expect(logs.get('data/logs/router.log')).toMatch(/"context":"router"/);
}
