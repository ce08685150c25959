import type { Finding } from '../finding.ts';
import type { Verdict } from '../run.ts';

/** How many findings there are of each severity, and how many changes of each kind. */
export interface Counts {
  readonly error: number;
  readonly warning: number;
  readonly safe: number;
  readonly dangerous: number;
  readonly breaking: number;
}

export function countsOf(findings: readonly Finding[]): Counts {
  const of = (word: string) => findings.filter(({ severity, change }) => severity === word || change === word).length;
  return { error: of('error'), warning: of('warning'), safe: of('safe'), dangerous: of('dangerous'), breaking: of('breaking') };
}

/** The verdict in a line. */
export function summaryLine({ findings, base }: Verdict, paint = (_kind: 'good' | 'bad', text: string) => text): string {
  const { error, warning } = countsOf(findings);
  const against = base ? `compared with ${base}` : 'compared with nothing: there is no base revision here';
  if (error > 0)
    return `${paint('bad', `${error} ${error === 1 ? 'error' : 'errors'}`)}${warning ? `, ${many(warning)}` : ''}; ${against}. Every rule is in docs/schema.md.`;
  return `${paint('good', 'Good')}${warning ? `, with ${many(warning)}` : ''}; ${against}.`;
}

function many(warnings: number): string {
  return `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`;
}
