import { readFileSync } from 'node:fs';
import path from 'node:path';
import { disagreements } from './agreement.ts';
import { readCompose, schemaProblems } from './compose.ts';

const root = path.join(import.meta.dirname, '../..');
const compose = readCompose(readFileSync(path.join(root, 'docker-compose.yml'), 'utf8'));
const problems = [...schemaProblems(compose, root), ...(await disagreements(compose, root))];
for (const problem of problems) console.error(problem);
console.log(
  problems.length === 0
    ? 'docker-compose.yml is valid and agrees with the programs.'
    : `\n${problems.length} problem(s) in docker-compose.yml.`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
