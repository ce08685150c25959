import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { measures } from './measures/index.ts';
import { busyWarning, machineFacts, machineText } from './report/machine.ts';
import { type Result, table } from './report/table.ts';
import { newRun } from './run.ts';

const NAMES = measures.map(({ name }) => name).join(',');
const USAGE = `npm run bench [-- --only ${NAMES}] [-- --quick] [-- --json <file>] [-- --profile <folder>]

  --only      these measures, separated by commas; default: all of them
  --quick     short rounds and no fresh clone: whether it works, not how fast
  --json      writes the figures to a file, too
  --profile   takes CPU profiles of the contexts and the router under each load (it slows them down)

Variables reach the platform: APPLICATIONS_TO_PAYMENTS_BULKHEAD=128 npm run bench -- --only apply-slow`;
/** However badly things go, it ends. */
const LONGEST_MS = 30 * 60_000;

const options = parse();
const machine = await machineFacts();
const warning = busyWarning(machine);
console.log(`${machineText(machine)}\n${warning ? `\n${warning}\n` : ''}`);

const run = newRun({
  quick: options.quick,
  profiles: options.profile && path.resolve(options.profile),
  say: (line) => console.log(`  ${line}`),
});
let ended = false;
const stop = async (why: string, code: number) => {
  if (ended) return;
  ended = true;
  console.log(`\n${why}: stopping everything …`);
  await run.end();
  process.exit(code);
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(signal, 130));
setTimeout(() => void stop(`not done after ${LONGEST_MS / 60_000} minutes`, 1), LONGEST_MS).unref();

const results: Result[] = [];
for (const measure of measures) {
  if (!options.chosen(measure.name) || (options.quick && measure.slow && !options.only)) continue;
  try {
    results.push({ name: measure.name, lines: await measure.run(run) });
  } catch (error) {
    if (ended) break;
    results.push({ name: measure.name, lines: [], failed: error instanceof Error ? error.message : String(error) });
  }
}
// Whoever ended it exits.
if (ended) await new Promise(() => {});
await run.end();
console.log(`\n${table(results)}`);
if (warning) console.log(`\n${warning}`);
if (options.quick) console.log('\nThis was --quick: too short for figures that mean something.');
if (options.json) writeFileSync(options.json, `${JSON.stringify({ machine, quick: options.quick, results }, null, 2)}\n`);
process.exit(results.some(({ failed }) => failed !== undefined) ? 1 : 0);

function parse() {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string' },
        quick: { type: 'boolean', default: false },
        json: { type: 'string' },
        profile: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) {
      console.log(USAGE);
      process.exit(0);
    }
    const only = values.only?.split(',').filter((name) => name !== '');
    const unknown = only?.filter((name) => !measures.some((measure) => measure.name === name)) ?? [];
    if (unknown.length > 0) throw new Error(`no such measure: ${unknown.join(', ')}`);
    return { ...values, only, chosen: (name: string) => only === undefined || only.includes(name) };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    process.exit(2);
  }
}
