import { banner } from '../start/banner.ts';
import { seconds } from '../start/reporter.ts';
import { REPOSITORY } from '../start/settings.ts';
import { stopOnSignals } from '../start/signals.ts';
import { createDev } from './dev.ts';

const begun = performance.now();
const { PORT } = process.env;
const dev = createDev({ root: REPOSITORY, ...(PORT ? { port: Number(PORT) } : {}), log: (line) => console.log(`  ${line}`) });
const isStopping = stopOnSignals(dev.stop);

try {
  await dev.start();
  console.log(`${banner(dev.madang, seconds(begun))}\nWatching the sources: what changes is restarted.`);
} catch (error) {
  if (!isStopping()) {
    console.error(`\nMadang could not start: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
