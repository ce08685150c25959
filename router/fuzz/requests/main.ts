import { parseArgs } from 'node:util';
import { fuzzRequests } from './fuzz.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '16' },
    minutes: { type: 'string', default: '60' },
  },
});

const MB = 2 ** 20;
const report = await fuzzRequests({
  count: Number(values.count),
  seed: values.seed,
  atOnce: Number(values['at-once']),
  forMs: Number(values.minutes) * 60_000,
  progress: (done) => process.stderr.write(`\r${done}`),
});
const { requests, messages, findings, faults, heap, open, ms } = report;
const kinds = new Map<string, number>();
for (const { what } of findings) kinds.set(what.slice(0, 80), (kinds.get(what.slice(0, 80)) ?? 0) + 1);
process.stdout.write(`\n${requests} requests and ${messages} messages in ${Math.round(ms / 1_000)} s\n`);
process.stdout.write(`heap ${(heap.before / MB).toFixed(1)} MB after the first tenth, ${(heap.after / MB).toFixed(1)} MB at the end\n`);
process.stdout.write(`open afterwards: ${JSON.stringify(open)}\n`);
process.stdout.write(`${findings.length} findings, ${faults.length} faults in the log\n`);
for (const [what, times] of kinds) process.stdout.write(`  ${times} × ${what}\n`);
for (const { case: number, what } of findings.slice(0, 20)) process.stdout.write(`\n  case ${number}: ${what}\n`);
for (const fault of faults.slice(0, 5)) process.stdout.write(`\n  ${fault}\n`);
process.exitCode = findings.length + faults.length === 0 && Object.values(open).every((value) => value === 0) ? 0 : 1;
