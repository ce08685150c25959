import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { busyWarning, machineFacts, machineText } from '../report/machine.ts';
import { spread } from './child.ts';
import { type Contestant, newGround, startGateway } from './contest.ts';
import { gateways } from './gateways.ts';
import { type PushCase, push } from './push.ts';
import { markdown, type Named, type Report } from './report/markdown.ts';
import { svg } from './report/svg.ts';
import type { PushRow } from './results.ts';
import { measure, type Pace } from './rounds.ts';
import { workloads } from './workloads.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const USAGE = `npm run bench:router [-- --only small,large,new,push] [-- --gateways ${gateways.map(({ name }) => name).join(',')}] [-- --quick] [-- --out <folder>]

  --only      these workloads; default: all of them
  --gateways  these only
  --quick     a second each, and few subscribers: whether it works, not how fast
  --out       where bench-router.md and bench-router.svg go; default: docs (.madang/bench-router with --quick, --only or --gateways)`;
/** However badly things go, it ends. */
const LONGEST_MS = 30 * 60_000;

const FULL: Pace = { rounds: 9, many: 2.5, single: 1.5, warmUp: 3 };
const QUICK: Pace = { rounds: 1, many: 1, single: 1, warmUp: 0.5 };
const PUSHES: readonly PushCase[] = [
  { clients: 1_000, perSecond: 20, accounts: false },
  { clients: 1_000, perSecond: 1, accounts: true },
  { clients: 10_000, perSecond: 2, accounts: false },
  { clients: 10_000, perSecond: 20, accounts: false },
];
const PUSHES_QUICK: readonly PushCase[] = [
  { clients: 100, perSecond: 10, accounts: false },
  { clients: 100, perSecond: 1, accounts: true },
];

const options = parse();
const say = (line: string) => console.log(`  ${line}`);
const abort = new AbortController();
const undos: (() => unknown)[] = [];
let ended = false;

async function end(): Promise<void> {
  ended = true;
  abort.abort(new Error('the run was ended'));
  await Promise.allSettled(undos.splice(0).map((undo) => undo()));
}
async function stop(why: string, code: number): Promise<void> {
  if (ended) return;
  console.log(`\n${why}: stopping everything …`);
  await end();
  process.exit(code);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(signal, 130));
setTimeout(() => void stop(`not done after ${LONGEST_MS / 60_000} minutes`, 1), LONGEST_MS).unref();

const machine = await machineFacts();
const warning = busyWarning(machine);
console.log(`${machineText(machine)}\ncores     ${spread}\n${warning ? `\n${warning}\n` : ''}`);

let report: Report;
try {
  report = await run();
} catch (error) {
  // Whoever ended it exits.
  if (ended) await new Promise(() => {});
  await end();
  console.error(error);
  process.exit(1);
}
await end();
const page = markdown(report);
mkdirSync(options.out, { recursive: true });
writeFileSync(path.join(options.out, 'bench-router.md'), `${page}\n`);
writeFileSync(path.join(options.out, 'bench-router.svg'), svg(report));
writeFileSync(path.join(ROOT, '.madang/bench-router/results.json'), `${JSON.stringify(report, null, 2)}\n`);
console.log(`\n${page}\n\nwritten to ${path.relative(process.cwd(), options.out) || '.'}`);
const ours = new Set(report.contestants.filter((one) => one.ours).map(({ name }) => name));
const failed = [...report.rows.flatMap(({ results }) => results), ...report.pushes].some(
  (result) => ours.has(result.gateway) && result.failed !== undefined,
);
process.exit(failed || report.contestants.some((one) => one.ours && one.missing !== undefined) ? 1 : 0);

async function run(): Promise<Report> {
  const folder = path.join(ROOT, '.madang/bench-router');
  mkdirSync(folder, { recursive: true });
  const ground = await newGround(folder, { say, signal: abort.signal, atEnd: (undo) => void undos.push(undo) });
  const chosen = gateways.filter(({ name }) => options.gateways?.includes(name) ?? true);
  const contestants: Contestant[] = [];
  const named: Named[] = [];
  for (const gateway of chosen) {
    say(`${gateway.title} starts`);
    try {
      const contestant = await startGateway(ground, gateway);
      contestants.push(contestant);
      named.push({ name: gateway.name, title: gateway.title, ours: gateway.ours, versions: contestant.versions });
    } catch (error) {
      abort.signal.throwIfAborted();
      const missing = error instanceof Error ? error.message : String(error);
      say(`${gateway.title} is left out: ${missing.slice(0, 500)}`);
      named.push({ name: gateway.name, title: gateway.title, ours: gateway.ours, versions: '', missing });
    }
  }
  const asked = workloads(ground.supergraph.schema).filter(({ name }) => options.chosen(name));
  const rows = await measure(ground, contestants, asked, options.quick ? QUICK : FULL);
  await Promise.all(contestants.map(({ program }) => program.stop()));

  const pushes: PushRow[] = [];
  if (options.chosen('push'))
    for (const one of options.quick ? PUSHES_QUICK : PUSHES)
      for (const { gateway } of contestants.filter((contestant) => contestant.gateway.subscriptions)) {
        // Peers do not ask who it is; and what they make of ten thousand is nothing that anybody waits for.
        if (!gateway.ours && (one.accounts || one.clients > 1_000)) continue;
        say(`${gateway.title}: ${one.clients} subscribers, ${one.perSecond} events/s${one.accounts ? ', an account each' : ''}`);
        pushes.push(await push(ground, gateway, one, options.quick ? 2 : 10));
      }
  return { machine, warning, quick: options.quick, date: new Date().toISOString(), contestants: named, rows, pushes };
}

function parse() {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string' },
        gateways: { type: 'string' },
        quick: { type: 'boolean', default: false },
        out: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) {
      console.log(USAGE);
      process.exit(0);
    }
    const list = (value: string | undefined, of: readonly string[]): string[] | undefined => {
      const names = value?.split(',').filter((name) => name !== '');
      const unknown = names?.filter((name) => !of.includes(name)) ?? [];
      if (unknown.length > 0) throw new Error(`there is no ${unknown.join(', ')}`);
      return names;
    };
    const only = list(values.only, ['small', 'large', 'new', 'push']);
    const some = list(
      values.gateways,
      gateways.map(({ name }) => name),
    );
    const whole = !values.quick && only === undefined && some === undefined;
    return {
      quick: values.quick,
      gateways: some,
      chosen: (name: string) => only === undefined || only.includes(name),
      out: path.resolve(values.out ?? path.join(ROOT, whole ? 'docs' : '.madang/bench-router')),
    };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    process.exit(2);
  }
}
