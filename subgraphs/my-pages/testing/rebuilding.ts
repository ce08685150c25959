import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createLogger } from '@madang/kernel/observability';
import { eventually } from '@madang/kernel/testing';
import { type RebuildOptions, rebuild } from '../rebuild/index.ts';
import { SOURCES, TABLES } from '../rebuild/targets.ts';
import type { RunningMyPages } from './running-my-pages.ts';

/** All rows of all views as they are in the database, by table; without the versions. */
export async function allRows({ sql }: Pick<RunningMyPages, 'sql'>): Promise<Record<string, unknown[]>> {
  const tables = TABLES.map(async (table) => {
    const rows = await sql<{ row: unknown }>(`SELECT to_jsonb(t) - 'version' AS row FROM "${table}" t ORDER BY "id"`);
    return [table, rows.map(({ row }) => row)] as const;
  });
  return Object.fromEntries(await Promise.all(tables));
}

/** Waits until the context has handled all that is in the streams. */
export async function untilHandled({ broker }: RunningMyPages): Promise<void> {
  const manager = await broker.manager();
  await eventually(
    async () => {
      const infos = await Promise.all(
        SOURCES.map((source) => manager.consumers.info(broker.names.stream(source), 'my-pages').catch(() => null)),
      );
      return infos.every((info) => info === null || info.num_pending + info.num_ack_pending === 0);
    },
    { withinMs: 30_000, everyMs: 100 },
  );
}

const whereOf = ({ env }: RunningMyPages) => ({
  databaseUrl: env.DATABASE_URL ?? '',
  natsUrl: env.NATS_URL ?? '',
  natsPrefix: env.NATS_PREFIX ?? '',
});

/** Rebuilds the views of the running context from within this process. */
export const rebuilding = (running: RunningMyPages, more: Partial<RebuildOptions> = {}) =>
  rebuild({ ...whereOf(running), log: createLogger({ name: 'rebuild', level: 'silent' }), ...more });

/** The command, in a process of its own. */
export function command({ env }: RunningMyPages): { child: ChildProcess; ended: Promise<{ code: number | null; output: string }> } {
  const main = fileURLToPath(new URL('../../../tools/rebuild/main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, 'my-pages'], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  return { child, ended: once(child, 'exit').then(([code]) => ({ code, output })) };
}
