import { parseArgs } from 'node:util';
import { root } from '../workspace.ts';
import { gitBase } from './base.ts';
import { CHECKS, type CheckName } from './finding.ts';
import { printGithub } from './report/github.ts';
import { printJson } from './report/json.ts';
import { printPretty } from './report/pretty.ts';
import { type Base, Repository } from './repository.ts';
import { routerBase } from './router.ts';
import { runChecks } from './run.ts';

const USAGE = `npm run schema:check -- [--only <check>]… [--against <revision | https://…/graphql>] [--json | --github] [--verbose]

  --only      one or more of ${CHECKS.join(', ')}
  --against   what to compare with, instead of where this branch left main; an address compares the API with that of a running router
  --json      everything that was found, for programs
  --github    annotations on stdout, and a summary into $GITHUB_STEP_SUMMARY
  --verbose   safe changes too

Every rule is in docs/schema.md. Fails when an error is left.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      against: { type: 'string' },
      json: { type: 'boolean' },
      github: { type: 'boolean' },
      verbose: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return console.log(USAGE);
  const verdict = await runChecks(new Repository(root), await baseOf(values.against), checksOf(values.only));
  if (values.json) printJson(verdict);
  else if (values.github) printGithub(verdict, new Repository(root));
  else printPretty(verdict, new Repository(root), values.verbose ?? false);
  if (verdict.findings.some(({ severity }) => severity === 'error')) process.exitCode = 1;
}

async function baseOf(against: string | undefined): Promise<Base | null> {
  return against && /^https?:/.test(against) ? routerBase(against) : gitBase(root, against);
}

function checksOf(only: readonly string[] | undefined): readonly CheckName[] {
  const wanted = only?.flatMap((names) => names.split(',')) ?? [];
  const unknown = wanted.find((name) => !CHECKS.some((check) => check === name));
  if (unknown !== undefined) throw new Error(`there is no check "${unknown}"\n\n${USAGE}`);
  return wanted.length === 0 ? CHECKS : CHECKS.filter((check) => wanted.includes(check));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
