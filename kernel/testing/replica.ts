import { pino } from 'pino';
import { Registry } from 'prom-client';
import { commit } from '../context/execute.ts';
import { isOutage } from '../context/outage.ts';
import type { Received } from '../domain/index.ts';
import { Broker, Reader } from '../nats/index.ts';
import { Database, sql } from '../prisma/index.ts';
import { declaredTally } from './tally.ts';

/** One replica of a consuming context, as a process: `node kernel/testing/replica.ts <database url> <nats url> <prefix>`. */
const [databaseUrl = '', natsUrl = '', prefix = ''] = process.argv.slice(2);
const log = pino({ level: process.env.TEST_LOG ?? 'silent' });
const db = new Database({ url: databaseUrl, poolSize: 4, applicationName: 'replica', log });
const broker = await Broker.open({ url: natsUrl, prefix, name: 'replica', log });
const reader = new Reader({
  context: 'mirrors',
  broker,
  db,
  log,
  metrics: new Registry(),
  isOutage,
  handlers: [
    {
      name: 'mirror-tally',
      when: declaredTally(),
      async handle(event) {
        const { data, id } = event as Received<{ tallyId: string; count: number }>;
        const executor = { db, clock: { now: () => new Date() }, declared: declaredTally };
        await commit(
          executor,
          { actor: { kind: 'anonymous' }, correlationId: id, inbox: { eventId: id, handler: 'mirror-tally' } },
          {
            writes: [
              {
                sql: sql`INSERT INTO "Effect" ("key", "count", "by") VALUES (${data.tallyId}, ${data.count}, ${process.pid})`,
                expect: 'one',
              },
            ],
          },
        );
      },
    },
  ],
});
reader.start();
process.once('disconnect', () => process.exit(0));
process.send?.('started');
