import { figure } from '../../report/statistics.ts';
import { figuresOf, type Row } from '../results.ts';
import type { Report } from './markdown.ts';

const WIDTH = 880;
const LABELS = 230;
const BAR = 20;
const GAP = 6;
const VALUES = 90;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const text = (x: number, y: number, kind: string, content: string): string =>
  `<text x="${x}" y="${y}" class="${kind}">${escaped(content)}</text>`;

/** One workload: a bar for each gateway, the longest on top. */
function panel(row: Row, { contestants }: Report, top: number): { readonly svg: string; readonly height: number } {
  const bars = row.results
    .map((result) => ({ of: contestants.find(({ name }) => name === result.gateway), value: figuresOf(result)?.perCpuSecond }))
    .toSorted((a, b) => (b.value ?? -1) - (a.value ?? -1));
  const longest = Math.max(1, ...bars.map(({ value = 0 }) => value));
  const lines = bars.map(({ of, value }, at) => {
    const y = top + 26 + at * (BAR + GAP);
    const width = Math.max(1, Math.round(((value ?? 0) / longest) * (WIDTH - LABELS - VALUES)));
    return [
      text(LABELS - 10, y + 15, 'label', of?.title ?? ''),
      value === undefined
        ? text(LABELS, y + 15, 'none', 'does not answer it')
        : `<rect x="${LABELS}" y="${y}" width="${width}" height="${BAR}" rx="3" class="${of?.ours ? 'ours' : 'other'}"/>${text(LABELS + width + 8, y + 15, 'value', figure(value))}`,
    ].join('');
  });
  const bytes = Math.max(...row.results.map((result) => result.bytes));
  const title = `${row.title} (${figure(bytes / 1_000)} kB)`;
  return { svg: [text(LABELS, top + 14, 'title', title), ...lines].join('\n'), height: 26 + bars.length * (BAR + GAP) + 18 };
}

/** A picture of requests per CPU-second, for light pages and dark ones. */
export function svg(report: Report): string {
  const rows = report.rows.filter(({ connections }) => connections > 1);
  const parts: string[] = [];
  let top = 62;
  for (const row of rows) {
    const { svg, height } = panel(row, report, top);
    parts.push(svg);
    top += height;
  }
  const { machine, date } = report;
  const foot = `${machine.cpu}, one core for each gateway, Node ${machine.node.slice(1)}, ${rows[0]?.connections ?? 0} connections, ${date.slice(0, 10)}; every answer verified`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top + 24}" width="${WIDTH}" height="${top + 24}" role="img" aria-label="Requests per CPU-second of GraphQL federation gateways">
<style>
  text { font-family: system-ui, -apple-system, 'Segoe UI', sans-serif; font-size: 13px; fill: #1f2937 }
  .head { font-size: 18px; font-weight: 600 } .title { font-weight: 600 } .label { text-anchor: end }
  .value { font-variant-numeric: tabular-nums } .foot, .none { fill: #6b7280; font-size: 12px }
  .ours { fill: #0f766e } .other { fill: #9ca3af } .page { fill: #ffffff }
  @media (prefers-color-scheme: dark) {
    text { fill: #e5e7eb } .foot, .none { fill: #9ca3af } .ours { fill: #2dd4bf } .other { fill: #6b7280 } .page { fill: #0d1117 }
  }
</style>
<rect class="page" width="100%" height="100%" rx="6"/>
${text(20, 32, 'head', 'Requests per CPU-second: more is better')}
${text(20, 50, 'foot', 'Federation gateways for Node on the same subgraphs, in one run')}
${parts.join('\n')}
${text(20, top + 12, 'foot', foot)}
</svg>
`;
}
