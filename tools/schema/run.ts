import { accept } from './accepted.ts';
import { CHECKS, type Check, type CheckName, type Finding } from './finding.ts';
import type { Base, Repository } from './repository.ts';

/** Loaded when asked for: most of a check's time is the loading of what it stands on. */
const LOAD: Record<CheckName, () => Promise<Check>> = {
  compose: async () => (await import('./compose/check.ts')).checkComposition,
  compare: async () => (await import('./compare/check.ts')).checkChanges,
  operations: async () => (await import('./operations/check.ts')).checkOperations,
  events: async () => (await import('./events/check.ts')).checkEvents,
  databases: async () => (await import('./databases/check.ts')).checkDatabases,
  lint: async () => (await import('./lint/check.ts')).checkStyle,
};

/** What all checks that were asked for have found. */
export interface Verdict {
  readonly findings: readonly Finding[];
  readonly checks: readonly CheckName[];
  /** What the change was compared with. */
  readonly base: string | null;
  readonly ms: Readonly<Partial<Record<CheckName, number>>>;
}

/** Runs the checks; what schema/accepted-changes.yaml covers passes. A check that cannot be run is an error as well. */
export async function runChecks(repository: Repository, base: Base | null, checks: readonly CheckName[] = CHECKS): Promise<Verdict> {
  const ms: Partial<Record<CheckName, number>> = {};
  const found = await Promise.all(
    checks.map(async (name) => {
      const begun = performance.now();
      try {
        const check = await LOAD[name]();
        return await check(repository, base);
      } catch (error) {
        return [couldNotRun(name, error)];
      } finally {
        ms[name] = Math.round(performance.now() - begun);
      }
    }),
  );
  const findings = accept(withoutTwins(found.flat()), repository, checks.length === CHECKS.length && base !== null);
  return { findings, checks, base: base?.name ?? null, ms };
}

function couldNotRun(check: CheckName, error: unknown): Finding {
  const message = `the check “${check}” could not be run: ${error instanceof Error ? error.message : String(error)}`;
  return { check, rule: 'could-not-run', severity: 'error', message, mend: 'put right what it says, then run it again' };
}

/** A text that is used in several places is wrong only once. */
function withoutTwins(findings: readonly Finding[]): Finding[] {
  return [
    ...new Map(
      findings.map((finding) => [JSON.stringify([finding.check, finding.rule, finding.message, finding.for, finding.at]), finding]),
    ).values(),
  ];
}
