import type { Place } from '../finding.ts';
import type { Repository } from '../repository.ts';

/** The lines around a place, numbered, with a caret below it; undefined when the file or the line is not there. */
export function codeFrame({ file, line, column }: Place, repository: Repository): string | undefined {
  if (!line || !repository.exists(file)) return undefined;
  const lines = repository.read(file).split('\n');
  const shown = lines[line - 1];
  if (shown === undefined) return undefined;
  const first = Math.max(1, line - 1);
  const last = Math.min(lines.length, line + 1);
  const digits = String(last).length;
  const framed: string[] = [];
  for (let number = first; number <= last; number++) {
    const text = cut(lines[number - 1] ?? '');
    framed.push(`${number === line ? '>' : ' '} ${String(number).padStart(digits)} | ${text}`.trimEnd());
    if (number === line && column) framed.push(`  ${' '.repeat(digits)} | ${' '.repeat(width(shown.slice(0, column - 1)))}^`);
  }
  return framed.join('\n');
}

const WIDEST = 150;

function cut(text: string): string {
  return text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : text;
}

/** Of what a terminal shows: Korean letters take two columns. */
function width(text: string): number {
  return [...text].reduce((sum, letter) => sum + (/[ᄀ-ᅟ⺀-꓏가-힣豈-﫿︰-﹏＀-｠]/u.test(letter) ? 2 : 1), 0);
}
