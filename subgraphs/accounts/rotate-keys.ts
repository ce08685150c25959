import { parseArgs } from 'node:util';
import { kernelConfig } from '@madang/kernel/context';
import { createLogger } from '@madang/kernel/observability';
import { Database } from '@madang/kernel/prisma';
import { accountsConfig } from './config.ts';
import { keyRing } from './subgraph.ts';

// node subgraphs/accounts/rotate-keys.ts [--withdraw], with the variables of the context
const { values } = parseArgs({ options: { withdraw: { type: 'boolean', default: false } } });
const { databaseUrl, LOG_LEVEL } = kernelConfig('accounts', process.env);
const log = createLogger({ name: 'accounts', level: LOG_LEVEL });
const db = new Database({ url: databaseUrl, poolSize: 1, applicationName: 'madang accounts rotate-keys', log });
try {
  const keys = keyRing({ db, log, clock: { now: () => new Date() } }, accountsConfig(process.env));
  const kid = await keys.rotate(values.withdraw);
  if (values.withdraw) await keys.remove('all but the latest');
  log.info(
    { kid },
    values.withdraw ? 'the new key signs; those before it are withdrawn' : 'the new key is published and signs in a quarter of an hour',
  );
} finally {
  await db.close();
}
