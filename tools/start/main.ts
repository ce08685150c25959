import { parseArgs } from 'node:util';
import { collectGarbage } from '../../kernel/observability/collect-garbage.ts';
import { banner } from './banner.ts';
import { createMadang } from './madang.ts';
import { seconds } from './reporter.ts';
import { stopOnSignals } from './signals.ts';

const USAGE = `npm start [-- --processes] [-- --fresh]

  --processes   one process per context instead of one for all
  --fresh       wipe databases, streams and logs first

PORT (4000), DATABASE_URL, NATS_URL and LOG_LEVEL are read from the environment.`;

const { values } = parse();
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}

const begun = performance.now();
const { PORT } = process.env;
const madang = createMadang({
  ...(PORT ? { port: Number(PORT) } : {}),
  ...(values['data-dir'] ? { dataDir: values['data-dir'] } : {}),
  ...(values.root ? { root: values.root } : {}),
  processes: values.processes,
  fresh: values.fresh,
});

const isStopping = stopOnSignals(madang.stop);

try {
  await madang.start();
  collectGarbage();
  console.log(banner(madang, seconds(begun)));
} catch (error) {
  if (!isStopping()) {
    console.error(`\nMadang could not start: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}

function parse() {
  try {
    return parseArgs({
      options: {
        processes: { type: 'boolean', default: false },
        fresh: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        'data-dir': { type: 'string' },
        root: { type: 'string' },
      },
    });
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    process.exit(2);
  }
}
