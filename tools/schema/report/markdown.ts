import type { Finding } from '../finding.ts';
import type { Verdict } from '../run.ts';
import { countsOf, summaryLine } from './tally.ts';

/** Marks the comment on a pull request, so that the next run finds it again. */
export const MARK = '<!-- madang-schema-check -->';
const MOST = 50;

/** The summary of a run: what is wrong, then the changes, the safe ones folded. */
export function markdown(verdict: Verdict): string {
  const { findings, checks } = verdict;
  const wrong = findings.filter(({ severity }) => severity !== 'info');
  const changes = findings.filter(({ severity, change }) => severity === 'info' && change !== undefined).sort((a, b) => rank(a) - rank(b));
  const rows = checks.map((check) => {
    const { error, warning, breaking, dangerous, safe } = countsOf(findings.filter((finding) => finding.check === check));
    return `| ${error ? '❌' : warning ? '⚠️' : '✅'} ${check} | ${[error, warning, breaking, dangerous, safe].join(' | ')} |`;
  });
  return `${[
    MARK,
    '## Schema check',
    summaryLine(verdict),
    ['| check | errors | warnings | breaking | dangerous | safe |', '|---|--:|--:|--:|--:|--:|', ...rows].join('\n'),
    wrong.length > 0 && ['### To be looked at', ...wrong.slice(0, MOST).map(item), ...more(wrong.length)].join('\n'),
    changes.length > 0 &&
      folded(`${changes.length} changes that pass`, [...changes.slice(0, MOST).map(item), ...more(changes.length)].join('\n')),
  ]
    .filter(Boolean)
    .join('\n\n')}\n`;
}

/** What would break somebody comes first. */
function rank({ change }: Finding): number {
  return ['breaking', 'dangerous', 'safe'].indexOf(change ?? 'safe');
}

function item({ severity, change, rule, message, for: whom, mend, at, accepted }: Finding): string {
  const sign = severity === 'error' ? '❌' : severity === 'warning' ? '⚠️' : '';
  const place = at && `\`${at.file}${at.line ? `:${at.line}` : ''}\``;
  const details = [
    whom && `for ${text(whom)}`,
    accepted ? `accepted ${accepted.date}: ${text(accepted.reason)}` : mend && severity !== 'info' && `**mend:** ${text(mend)}`,
  ].filter(Boolean);
  const head = [`- ${sign}`, change && `**${change}**`, text(message), `(${rule})`, place].filter(Boolean).join(' ');
  return [head, ...details.map((detail) => `  <br>${detail}`)].join('\n');
}

function more(count: number): string[] {
  return count > MOST ? [`- … and ${count - MOST} more; the log has them all`] : [];
}

function folded(title: string, body: string): string {
  return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
}

/** Names of GraphQL have no meaning in Markdown, whatever is in a message. */
function text(words: string): string {
  return words
    .replaceAll('\n', ' ')
    .replace(/[<>|*_[\]]/g, (sign) => `\\${sign}`)
    .replaceAll('@', '@\u200b');
}
