import { parseArgs } from 'node:util';
import { fuzz, modes } from './fuzz.ts';
import { worlds } from './worlds.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    world: { type: 'string', multiple: true, default: [...worlds] },
    mode: { type: 'string', multiple: true, default: [...modes] },
    riding: { type: 'boolean', default: false },
  },
});

const chosen = worlds
  .filter((world) => values.world.includes(world))
  .flatMap((world) => modes.filter((mode) => values.mode.includes(mode)).map((mode) => ({ world, mode })));
const each = Math.ceil(Number(values.count) / chosen.length);
const total = { operations: 0, known: 0, findings: 0, stock: 0 };
for (const { world, mode } of chosen) {
  const { operations, known, findings, stock } = await fuzz(world, mode, values.seed, each, values.riding);
  total.operations += operations;
  total.known += known;
  total.findings += findings.length;
  total.stock += stock;
  process.stdout.write(
    `${world.padEnd(10)}${mode.padEnd(8)}${operations} operations, ${findings.length} differences, ${known} explained, stock wrong in ${stock}\n`,
  );
  for (const { seed, what, operation, down } of findings)
    process.stdout.write(
      `\n  ${seed}${down ? `, ${down} down` : ''}\n  ${what}\n${operation.query}\n${JSON.stringify(operation.variables)}\n\n`,
    );
}
process.stdout.write(
  `all: ${total.operations} operations, ${total.findings} differences, ${total.known} explained, stock wrong in ${total.stock}\n`,
);
process.exitCode = total.findings === 0 ? 0 : 1;
