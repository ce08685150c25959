import { stripVTControlCharacters, styleText } from 'node:util';
import { CHECKS, type CheckName, type Finding } from '../finding.ts';
import type { Repository } from '../repository.ts';
import type { Verdict } from '../run.ts';
import { codeFrame } from './frame.ts';
import { countsOf, summaryLine } from './tally.ts';

const TITLES: Record<CheckName, string> = {
  compose: 'The SDLs compose',
  compare: 'Nobody’s API breaks',
  operations: 'Known operations are valid',
  events: 'Events keep their promises',
  databases: 'Databases and migrations agree',
  lint: 'The SDLs are well made',
};

/** For people at a terminal: what is wrong first with its code, a table at the end. Safe changes only when asked for. */
export function printPretty(verdict: Verdict, repository: Repository, verbose: boolean): void {
  console.log(pretty(verdict, repository, verbose));
}

/** The text of `printPretty`; colour only where the terminal has it. */
export function pretty(verdict: Verdict, repository: Repository, verbose = false): string {
  const blocks = verdict.checks.flatMap((check) => {
    const shown = verdict.findings.filter((finding) => finding.check === check && (verbose || isWorthShowing(finding)));
    return shown.length > 0
      ? [[styleText('bold', `${TITLES[check]} (${check})`), ...shown.map((it) => block(it, repository))].join('\n\n')]
      : [];
  });
  return [...blocks, table(verdict), summaryLine(verdict, paint)].join('\n\n');
}

/** What is safe is only counted. */
function isWorthShowing({ severity, change }: Finding): boolean {
  return severity !== 'info' || (change !== undefined && change !== 'safe');
}

function block(finding: Finding, repository: Repository): string {
  const { severity, rule, message, at, mend, accepted, change } = finding;
  const tint = severity === 'error' ? 'red' : severity === 'warning' ? 'yellow' : 'blue';
  const head = `${styleText([tint, 'bold'], severity)} ${styleText('dim', change ? `${change} · ${rule}` : rule)}  ${message}`;
  const place = at && styleText('cyan', [at.file, at.line, at.column].filter(Boolean).join(':'));
  const frame = severity === 'info' ? undefined : at && codeFrame(at, repository);
  return [
    head,
    finding.for && `  for   ${finding.for}`,
    place && `  at    ${place}`,
    frame && indent(frame),
    mend && !accepted && `  mend  ${styleText('green', mend)}`,
    accepted && `  accepted ${accepted.date}: ${accepted.reason}`,
  ]
    .filter(Boolean)
    .join('\n');
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => styleText('dim', `        ${line}`))
    .join('\n');
}

function table(verdict: Verdict): string {
  const rows = CHECKS.filter((check) => verdict.checks.includes(check)).map((check) => {
    const { error, warning, breaking, dangerous, safe } = countsOf(verdict.findings.filter((finding) => finding.check === check));
    const sign = error > 0 ? styleText('red', '✗') : warning > 0 ? styleText('yellow', '!') : styleText('green', '✓');
    const count = (number: number) => (number > 0 ? String(number) : '·').padStart(9);
    const changes = check !== 'compose' && check !== 'lint' ? [breaking, dangerous, safe].map(count).join(' ') : ' '.repeat(29);
    return `${sign} ${check.padEnd(11)}${count(error)} ${count(warning)} ${changes} ${`${verdict.ms[check] ?? 0} ms`.padStart(9)}`;
  });
  const head = `  ${'check'.padEnd(11)}${['errors', 'warnings', 'breaking', 'dangerous', 'safe', 'took'].map((word) => word.padStart(9)).join(' ')}`;
  return [styleText('dim', head), ...rows].map((line) => line.trimEnd()).join('\n');
}

function paint(kind: 'good' | 'bad', text: string): string {
  return styleText(kind === 'good' ? ['green', 'bold'] : ['red', 'bold'], text);
}

/** The text without colour. */
export function plain(text: string): string {
  return stripVTControlCharacters(text);
}
