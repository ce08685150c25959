import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { createLogger } from '@madang/kernel/observability';
import type * as Rebuilding from '../../subgraphs/my-pages/rebuild/index.ts';
import { addresses } from '../events/running.ts';
import { contextsWithDatabase, databaseName, root } from '../workspace.ts';

const USAGE = `Usage:
  npm run rebuild -- <context>   makes its views anew from the first event on, while it runs

The servers are those of the Madang that runs here, or DATABASE_URL and NATS_URL.`;

const entryOf = (context: string) => path.join(root, 'subgraphs', context, 'rebuild/index.ts');
const contexts = contextsWithDatabase().filter((context) => existsSync(entryOf(context)));

/** What was done, in words. */
function told(context: string, report: Rebuilding.Report, differences: number): string[] {
  const events = report.streams.reduce((sum, stream) => sum + stream.events, 0);
  const rows = report.tables.reduce((sum, table) => sum + table.rows, 0);
  const lines = [
    `${context}: ${events} events read, ${rows} rows, ${differences} differed; writes waited ${report.lockedMs.toFixed(0)} ms`,
  ];
  for (const { context: source, events, unreadable, waiting } of report.streams) {
    const more = [
      ...(unreadable > 0 ? [`${unreadable} invalid`] : []),
      ...(waiting > 0 ? [`${waiting} left to ${context}, which has not handled them yet`] : []),
    ];
    lines.push(`  ${source.padEnd(24)} ${[`${events} events`, ...more].join(', ')}`);
  }
  for (const { name, rows, added, changed, removed } of report.tables)
    lines.push(`  ${name.padEnd(24)} ${rows} rows: ${changed} changed, ${added} added, ${removed} removed`);
  for (const { context: source, lost } of report.streams)
    if (lost !== undefined)
      lines.push(
        `The stream of ${source} has lost events (${lost}). Publish them again: npm run events -- refill ${source} --since <time>`,
      );
  for (const { name, kept, incomplete } of report.tables)
    if (incomplete)
      lines.push(`  ${name} was completed instead of made anew: ${kept} of its rows no event tells of; they were kept as they were`);
  return lines;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { help: { type: 'boolean' } } });
  const [context] = positionals;
  if (values.help || !context) return console.log(USAGE);
  if (!contexts.includes(context)) throw new Error(`"${context}" cannot be rebuilt; there is ${contexts.join(', ')}\n\n${USAGE}`);
  const { databaseUrl, natsUrl } = addresses(process.env);
  const url = new URL(databaseUrl);
  url.pathname = `/${process.env[`${databaseName(context).toUpperCase()}_DATABASE`] || databaseName(context)}`;
  const stop = new AbortController();
  const onSignal = () => stop.abort(new Error('stopped before it was done'));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  const { rebuild, differences } = (await import(pathToFileURL(entryOf(context)).href)) as typeof Rebuilding;
  const report = await rebuild({
    databaseUrl: url.href,
    natsUrl,
    natsPrefix: process.env.NATS_PREFIX ?? '',
    log: createLogger({ name: 'rebuild', level: process.env.LOG_LEVEL ?? 'warn' }),
    progress: (read) => process.stderr.write(`\r${context}: ${read} events read `),
    signal: stop.signal,
  });
  process.stderr.write('\r');
  console.log(told(context, report, differences(report)).join('\n'));
}

main().catch((error: unknown) => {
  console.error(`\n${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
});
