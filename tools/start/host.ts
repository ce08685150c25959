import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { collectGarbage } from '../../kernel/observability/collect-garbage.ts';

/** What every `subgraphs/<context>/main.ts` and `router/main.ts` exports. */
export type Program = { start(env: Record<string, string | undefined>): Promise<{ name?: string; url: string; close(): Promise<void> }> };

/**
 * Hosts several contexts in one process: `node host.ts <root> <context>…`. One that cannot start ends the process with exit code 1
 * and its name; SIGTERM or SIGINT closes all of them side by side.
 */
async function host(root: string, contexts: string[]): Promise<void> {
  const started = Promise.all(contexts.map((context) => startOne(root, context)));
  let closing = false;
  const close = async () => {
    if (closing) return;
    closing = true;
    const results = await Promise.allSettled((await started).map((running) => running.close()));
    for (const result of results) if (result.status === 'rejected') console.error(result.reason);
    process.exit(results.some((result) => result.status === 'rejected') ? 1 : 0);
  };
  process.on('SIGTERM', close);
  process.on('SIGINT', close);
  try {
    await started;
    collectGarbage();
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
}

async function startOne(root: string, context: string) {
  try {
    const program = (await import(pathToFileURL(path.join(root, 'subgraphs', context, 'main.ts')).href)) as Program;
    return await program.start(process.env);
  } catch (cause) {
    throw new Error(`the context ${context} could not start`, { cause });
  }
}

const [root = '.', ...contexts] = process.argv.slice(2);
await host(root, contexts);
