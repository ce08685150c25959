import type { Line } from '../bench.ts';

/** What one measure came to: its lines, or why there are none. */
export interface Result {
  readonly name: string;
  readonly lines: readonly Line[];
  /** It could not be measured, or what it measured was wrong. */
  readonly failed?: string;
}

const HEAD = ['name', 'what', 'result', 'spread', 'aim', 'met'] as const;

const verdict = ({ met }: Line): string => (met === undefined ? '' : met ? 'yes' : 'NO');

function rowsOf({ name, lines, failed }: Result): string[][] {
  const rows = lines.map((line) => [name, line.what, line.result, line.spread, line.aim ?? '', verdict(line)]);
  return failed === undefined ? rows : [...rows, [name, firstLine(failed), 'FAILED', '', '', 'NO']];
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';

/** A Markdown table whose columns are aligned, and the notes below it. */
export function table(results: readonly Result[]): string {
  const rows = results.flatMap(rowsOf);
  const widths = HEAD.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const notes = results.flatMap(({ name, lines, failed }) => [
    ...lines.flatMap(({ notes: said = [] }) => said.map((note) => `- ${name}: ${note}`)),
    ...(failed === undefined ? [] : [`- ${name} FAILED: ${failed}`]),
  ]);
  return [line(HEAD), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.map(line), '', ...notes].join('\n');
}
