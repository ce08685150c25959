import path from 'node:path';
import { breaches } from './walls.ts';

const found = breaches(path.resolve(process.argv[2] ?? path.join(import.meta.dirname, '../..')));
for (const { file, line, specifier, message } of found) console.error(`${file}:${line} imports '${specifier}'\n  ${message}`);
console.log(
  found.length === 0 ? 'Both walls stand.' : `\n${found.length} import(s) through a wall; the walls are in docs/architecture.md.`,
);
process.exitCode = found.length === 0 ? 0 : 1;
