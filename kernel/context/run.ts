import { flushCompileCache } from 'node:module';
import { collectGarbage, createLogger } from '../observability/index.ts';
import type { ContextDefinition } from './definition.ts';
import { startContext } from './start.ts';

/** Runs one context as this process, until SIGTERM, SIGINT, or the end of the process that started it. */
export async function runContext(definition: ContextDefinition): Promise<void> {
  const log = createLogger({ name: definition.name, level: process.env.LOG_LEVEL ?? 'info' });
  try {
    const running = await startContext(definition, process.env, { log });
    const stop = () => {
      void running.close().then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, 'stopping failed');
          process.exit(1);
        },
      );
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
    if (process.connected) process.once('disconnect', stop);
    collectGarbage();
    // Where there is a cache: a process that is killed would not have written it.
    flushCompileCache();
    process.send?.({ ready: running.url });
  } catch (error) {
    log.fatal({ err: error }, `${definition.name} could not start`);
    process.exitCode = 1;
    process.disconnect?.();
  }
}
