import { createLogger } from '@madang/kernel/observability';
import { Database } from '@madang/kernel/prisma';
import { testDatabase } from '@madang/kernel/testing';

/** The context's tables, for tests of a single adapter. */
export async function accountsDatabase() {
  const own = await testDatabase('accounts');
  const log = createLogger({ name: 'accounts', level: 'silent' });
  const db = new Database({ url: own.url, poolSize: 8, applicationName: 'test', log });
  return {
    db,
    log,
    async close() {
      await db.close();
      await own.drop();
    },
  };
}

export type AccountsDatabase = Awaited<ReturnType<typeof accountsDatabase>>;
