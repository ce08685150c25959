import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { migrateAll } from '../migrate/migrate.ts';
import { createMadang, type Madang } from '../start/madang.ts';
import { seconds } from '../start/reporter.ts';
import type { StartOptions } from '../start/settings.ts';
import { type Plan, planFor } from './plan.ts';
import { repositoryAt } from './repository.ts';
import { watchSources } from './watch.ts';

/** A platform that follows its sources. */
export type Dev = { madang: Madang; start(): Promise<void>; stop(options?: { force?: boolean }): Promise<void> };

/** Every context in a process of its own; what changes is generated, migrated and restarted. What fails is told, and tried again at the next change. */
export function createDev({ root, log, ...options }: StartOptions & { root: string; log(line: string): void }): Dev {
  const madang = createMadang({ ...options, root, processes: true, env: { NODE_ENV: 'development', ...options.env } });
  let unwatch = () => {};
  let work = Promise.resolve();
  let stopped = false;
  /** What a failed attempt still owes. */
  let owed: string[] = [];

  async function follow(files: string[]): Promise<void> {
    const plan = planFor([...new Set([...owed, ...files])], repositoryAt(root));
    const running = { ...plan, restart: plan.restart.filter((name) => madang.processes.has(name)) };
    if (stopped || (!running.generate && running.restart.length === 0)) return;
    const begun = performance.now();
    try {
      await carryOut(running);
      owed = [];
      log(`${running.restart.join(', ') || 'generated code'}: ready again after ${seconds(begun)}`);
    } catch (error) {
      owed = [...owed, ...files];
      if (!stopped) log(`${error instanceof Error ? error.message : error}\nwaiting for the next change …`);
    }
  }

  async function carryOut({ generate, migrate, restart }: Plan): Promise<void> {
    if (generate) await run([path.join(root, 'tools/generate/main.ts')], root);
    if (migrate.length > 0) await migrateAll({ contexts: migrate, serverUrl: madang.env.DATABASE_URL as string, base: root, log });
    const results = await Promise.allSettled(restart.map((name) => madang.restart(name)));
    const failures = results
      .filter((result) => result.status === 'rejected')
      .map((result) => String(result.reason?.message ?? result.reason));
    if (failures.length > 0) throw new Error(failures.join('\n'));
  }

  return {
    madang,
    async start() {
      await madang.start();
      unwatch = watchSources(root, (files) => {
        work = work.then(() => follow(files));
      });
    },
    async stop(how) {
      stopped = true;
      unwatch();
      await madang.stop(how);
    },
  };
}

async function run(command: string[], cwd: string): Promise<void> {
  const child = spawn(process.execPath, command, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${path.relative(cwd, command[0] as string)} failed`);
}
