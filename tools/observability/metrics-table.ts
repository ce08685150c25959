import type { Registry } from 'prom-client';

/** A metric as its registry declares it. */
export interface Declared {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
  readonly help: string;
}

/** Our own metrics of a registry, by name; what Node tells of itself is left out. */
export const declaredIn = (registry: Registry): Declared[] =>
  registry
    .getMetricsAsArray()
    .filter(({ name }) => name.startsWith('madang_'))
    .map((metric) => ({
      name: metric.name,
      type: String(metric.type),
      help: metric.help,
      labels: 'labelNames' in metric && Array.isArray(metric.labelNames) ? metric.labelNames.map(String) : [],
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));

const line = ({ name, type, labels, help }: Declared): string =>
  `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help.replaceAll('|', '\\|')} |`;

/** The table for the documentation. */
export const tableOf = (metrics: readonly Declared[]): string =>
  ['| metric | type | labels | what it tells |', '|---|---|---|---|', ...metrics.map(line)].join('\n');

const markers = (part: string) => [`<!-- metrics: ${part} -->`, '<!-- /metrics -->'] as const;

/** The document with that part's table put in. @throws Error when the document has no place for it */
export function withTable(document: string, part: string, table: string): string {
  const [begin, end] = markers(part);
  const from = document.indexOf(begin);
  const to = document.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`the document has no ${begin} … ${end}`);
  return `${document.slice(0, from + begin.length)}\n${table}\n${document.slice(to)}`;
}
