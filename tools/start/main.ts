import { parseArgs } from 'node:util';
import { banner } from './banner.ts';
import { createMadang } from './madang.ts';
import { whenParentIsGone } from './parent.ts';
import { seconds } from './reporter.ts';

const USAGE = `npm start [-- --processes] [-- --fresh]

  --processes   one process per context instead of one for all
  --fresh       wipe databases, streams and logs first

PORT (4000), DATABASE_URL, NATS_URL and LOG_LEVEL are read from the environment.`;

/** Two signals this close together are one: the terminal sends Ctrl-C to all, and npm hands it on once more. */
const SAME_KEYSTROKE = 700;

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

let stoppedAt: number | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop());
// Not a second wish to stop: npm goes away after handing on its signal, and nobody reads what we print then.
const stopOnce = () => void (stoppedAt ?? stop());
whenParentIsGone(stopOnce);
process.stdout.on('error', stopOnce);
process.stderr.on('error', stopOnce);

try {
  await madang.start();
  console.log(banner(madang, seconds(begun)));
} catch (error) {
  if (stoppedAt === undefined) {
    console.error(`\nMadang could not start: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}

async function stop(): Promise<void> {
  const now = Date.now();
  const again = stoppedAt !== undefined;
  if (again && now - (stoppedAt as number) < SAME_KEYSTROKE) return;
  stoppedAt ??= now;
  console.log(again ? 'stopping at once …' : '\nstopping: router, contexts, nats-server, PostgreSQL …');
  await madang.stop({ force: again });
  if (!again) {
    console.log('stopped.');
    process.exit(process.exitCode ?? 0);
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
