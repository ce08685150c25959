import { parseArgs } from 'node:util';
import { databaseName } from '@madang/kernel/context';
import { Broker, type DeadLetter, listDeadLetters, refill, retryDeadLetter } from '@madang/kernel/nats';
import { createLogger } from '@madang/kernel/observability';
import { Database } from '@madang/kernel/prisma';
import { contextsWithDatabase } from '../workspace.ts';
import { addresses } from './running.ts';

const USAGE = `Usage:
  npm run events -- dead-letters [context]             lists what contexts could not take in, with the reason
  npm run events -- retry <number…|all> [--of context]  hands dead letters to their context once more
  npm run events -- refill <context|all> --since <time> publishes from the outbox what the stream has lost since then (ISO 8601)

The servers are those of the Madang that runs here, or DATABASE_URL and NATS_URL.`;

const log = createLogger({ name: 'events', level: process.env.LOG_LEVEL ?? 'warn' });

const line = ({ sequence, at, consumer, handler, subject, reason }: DeadLetter) =>
  `${String(sequence).padStart(6)}  ${at.toISOString()}  ${consumer} (${handler})  ${subject}\n        ${reason}`;

async function deadLetters(broker: Broker, consumer?: string): Promise<void> {
  const letters = await listDeadLetters(broker, consumer);
  console.log(letters.length === 0 ? 'There are no dead letters.' : letters.map(line).join('\n'));
}

async function retry(broker: Broker, which: string[], consumer?: string): Promise<void> {
  const numbers = which.includes('all') ? (await listDeadLetters(broker, consumer)).map(({ sequence }) => sequence) : which.map(Number);
  if (numbers.some((number) => !Number.isInteger(number)))
    throw new Error(`"${which.join(' ')}" is not a list of numbers; see: npm run events -- dead-letters`);
  for (const number of numbers) {
    const { consumer: to, subject } = await retryDeadLetter(broker, number);
    console.log(`${number}: ${subject} was handed to ${to} again`);
  }
  if (numbers.length === 0) console.log('There are no dead letters.');
}

async function refillStreams(broker: Broker, databaseUrl: string, which: string, since: string | undefined): Promise<void> {
  const from = new Date(since ?? Number.NaN);
  if (Number.isNaN(from.getTime())) throw new Error('say from when: --since 2026-11-20T09:00:00Z');
  const known = contextsWithDatabase();
  if (which !== 'all' && !known.includes(which)) throw new Error(`there is no context "${which}"; there are ${known.join(', ')}`);
  for (const context of which === 'all' ? known : [which]) {
    const url = new URL(databaseUrl);
    url.pathname = `/${databaseName(context)}`;
    const db = new Database({ url: url.href, poolSize: 2, applicationName: 'madang events', log });
    try {
      const { seen, published } = await refill(db, broker, context, from, (done, of) =>
        process.stderr.write(`\r${context}: ${done} of ${of} `),
      );
      console.log(`\r${context}: ${seen} events since then, ${published} were missing and are published again`);
    } finally {
      await db.close();
    }
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { since: { type: 'string' }, of: { type: 'string' }, help: { type: 'boolean' } },
  });
  const [command, ...rest] = positionals;
  if (values.help || !command) return console.log(USAGE);
  const { databaseUrl, natsUrl } = addresses(process.env);
  const broker = await Broker.open(
    { url: natsUrl, prefix: process.env.NATS_PREFIX ?? '', name: 'madang events', log },
    AbortSignal.timeout(5_000),
  );
  try {
    if (command === 'dead-letters') await deadLetters(broker, rest[0]);
    else if (command === 'retry' && rest.length > 0) await retry(broker, rest, values.of);
    else if (command === 'refill' && rest[0]) await refillStreams(broker, databaseUrl, rest[0], values.since);
    else throw new Error(`unknown command\n\n${USAGE}`);
  } finally {
    await broker.close();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
