import type { Store } from '@madang/kernel/context';
import { type Database, saveRow, sql, type Write, write } from '@madang/kernel/prisma';
import type { BillingKey } from '../billing-key/billing-key.ts';
import type { BillingKey as BillingKeyRow } from '../generated/prisma/client.ts';

/** A billing key as its owner's context sees it. */
export interface BillingKeyView {
  readonly paymentMethodId: string;
  readonly kind: BillingKeyRow['kind'];
  readonly last4: string | null;
  readonly isDefault: boolean;
  readonly status: BillingKeyRow['status'];
  readonly revision: number;
}

export function billingKeyStore(db: Database) {
  return {
    async load(id: string) {
      const [row] = await db.query<BillingKeyRow>(sql`SELECT * FROM "BillingKey" WHERE "id" = ${id}::uuid`);
      return row ? { state: keyOf(row), version: row.version } : null;
    },

    save: (state: BillingKey, version: number): Write => saveRow('BillingKey', rowOf(state), version),

    /** Payments of that account are charged to that key from then on, unless that has been decided anew by then. */
    makeDefault: (accountId: string, id: string, revision: number): Write =>
      write(
        sql`INSERT INTO "Payer" AS payer ("accountId", "defaultKeyId", "revision") VALUES (${accountId}, ${id}::uuid, ${revision}::int)
          ON CONFLICT ("accountId") DO UPDATE SET "defaultKeyId" = EXCLUDED."defaultKeyId", "revision" = EXCLUDED."revision"
          WHERE payer."revision" < EXCLUDED."revision"`,
        'any',
      ),

    async view(id: string): Promise<BillingKeyView | null> {
      const [row] = await db.query<BillingKeyRow & { isDefault: boolean }>(sql`
        SELECT key.*, key."status" = 'ACTIVE' AND payer."accountId" IS NOT NULL AS "isDefault"
        FROM "BillingKey" key LEFT JOIN "Payer" payer ON payer."accountId" = key."accountId" AND payer."defaultKeyId" = key."id"
        WHERE key."id" = ${id}::uuid`);
      if (!row) return null;
      const { kind, last4, isDefault, status, revision, numberRevision } = row;
      return { paymentMethodId: id, kind, last4, isDefault, status, revision: numberRevision ?? revision };
    },
  } satisfies Store<BillingKey> & Record<string, unknown>;
}

export type BillingKeyStore = ReturnType<typeof billingKeyStore>;

function keyOf(row: BillingKeyRow): BillingKey {
  const { id, accountId, revision, kind, last4, fingerprint, token, numberRevision, retiredTokens } = row;
  if (row.status === 'REVOKED') return { id, accountId, revision, status: 'REVOKED', retiredTokens };
  if (kind === null || last4 === null || fingerprint === null || token === null || numberRevision === null)
    throw new TypeError(`billing key ${id} is broken`);
  return { id, accountId, revision, status: 'ACTIVE', kind, last4, fingerprint, token, numberRevision, retiredTokens };
}

/** What a revoked key could have been charged by is forgotten once the processor has revoked it. */
function rowOf(key: BillingKey): Omit<BillingKeyRow, 'version'> {
  const { id, accountId, status, revision } = key;
  const active = key.status === 'ACTIVE' ? key : null;
  return {
    id,
    accountId,
    status,
    kind: active?.kind ?? null,
    last4: active?.last4 ?? null,
    fingerprint: active?.fingerprint ?? null,
    token: active?.token ?? null,
    revision,
    numberRevision: active?.numberRevision ?? null,
    retiredTokens: [...key.retiredTokens],
  };
}
