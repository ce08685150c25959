import { appendFileSync } from 'node:fs';
import type { Finding } from '../finding.ts';
import type { Repository } from '../repository.ts';
import type { Verdict } from '../run.ts';
import { markdown } from './markdown.ts';
import { pretty } from './pretty.ts';

/** Annotations for GitHub Actions beside what people read in the log, and the summary into $GITHUB_STEP_SUMMARY. */
export function printGithub(verdict: Verdict, repository: Repository): void {
  console.log(pretty(verdict, repository));
  for (const finding of verdict.findings) if (finding.severity !== 'info') console.log(annotation(finding));
  const file = process.env.GITHUB_STEP_SUMMARY;
  if (file) appendFileSync(file, markdown(verdict));
}

/** A workflow command: `::error file=…,line=…,title=…::message`. */
export function annotation({ severity, check, rule, message, mend, at, for: whom }: Finding): string {
  const properties = [
    at && `file=${property(at.file)}`,
    at?.line && `line=${at.line}`,
    at?.column && `col=${at.column}`,
    `title=${property(`${check}: ${rule}`)}`,
  ].filter(Boolean);
  const text = [message, whom && `For: ${whom}`, mend && `Mend: ${mend}`].filter(Boolean).join('\n');
  return `::${severity} ${properties.join(',')}::${data(text)}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
