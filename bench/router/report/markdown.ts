import { type Machine, machineText } from '../../report/machine.ts';
import { figure } from '../../report/statistics.ts';
import { spread } from '../child.ts';
import { REFERENCE } from '../gateways.ts';
import { figuresOf, type PushRow, type Row, timesOf } from '../results.ts';

/** All that a run has found out. */
export interface Report {
  readonly machine: Machine;
  readonly warning: string | undefined;
  readonly quick: boolean;
  /** ISO date. */
  readonly date: string;
  readonly contestants: readonly Named[];
  readonly rows: readonly Row[];
  readonly pushes: readonly PushRow[];
}

export interface Named {
  readonly name: string;
  readonly title: string;
  readonly ours: boolean;
  readonly versions: string;
  /** Why it is not in the tables. */
  readonly missing?: string;
}

const AIMS: Readonly<Record<string, number>> = { small: 4_500, large: 800 };

const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map((_, at) => (at === 0 ? '---' : '--:')), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** A reason in one line of a table. */
const told = (reason: string): string => reason.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').slice(0, 160);

function section(row: Row, titleOf: (name: string) => string): string {
  const connections = row.connections === 1 ? 'one connection' : `${row.connections} connections`;
  const bytes = Math.max(...row.results.map((result) => result.bytes));
  const aim = row.connections > 1 ? AIMS[row.workload] : undefined;
  const reference = row.results.find(({ gateway }) => gateway === REFERENCE);
  const lines = row.results.map((result) => {
    const figures = figuresOf(result);
    if (!figures) return [titleOf(result.gateway), '–', '–', '–', '–', '–', '–', '–', told(result.failed ?? 'not measured')];
    const { perSecond, perCpuSecond, least, most, p50, p99 } = figures;
    const times = timesOf(result, reference);
    return [
      titleOf(result.gateway),
      figure(perSecond),
      `**${figure(perCpuSecond)}**`,
      `${figure(least)}–${figure(most)}`,
      times === undefined ? '–' : figure(times),
      figure(p50),
      figure(p99),
      figure(result.memoryMb),
      `${figure(result.fetches)} fetches`,
    ];
  });
  return `### ${row.title}, ${connections}

An answer has ${figure(bytes / 1_000)} kB.${aim === undefined ? '' : ` The router's aim: ≥ ${figure(aim)} requests per CPU-second.`}

${tableOf(['', 'requests/s', 'per CPU-second', 'least–most', `× ${titleOf(REFERENCE)}`, 'p50 ms', 'p99 ms', 'memory MB', ''], lines)}`;
}

function pushSection(pushes: readonly PushRow[], titleOf: (name: string) => string): string {
  if (pushes.length === 0) return '';
  const lines = pushes.map(({ gateway, clients, perSecond, accounts, result, failed }) => {
    const what = [titleOf(gateway), figure(clients).replace('.00', ''), String(perSecond), accounts ? 'each its own' : 'the same'];
    if (!result) return [...what, '–', '–', '–', '–', '–', '–', told(failed ?? '')];
    const { deliveredPerSecond, share, p50, p99, kilobytesPerClient, cores, fetches, upstream } = result;
    return [
      ...what,
      figure(deliveredPerSecond),
      `${figure(share)} %`,
      figure(p50),
      figure(p99),
      figure(kilobytesPerClient),
      figure(cores),
      `${figure(upstream)} upstream, ${figure(fetches)} fetches an event`,
    ];
  });
  const head = ['', 'clients', 'events/s', 'rights', 'delivered/s', 'of all', 'p50 ms', 'p99 ms', 'kB a client', 'cores', ''];
  return `## Subscriptions

Each event has a field of the subgraph that publishes it and two that two others are asked for; WebSocket, one subscription a client. The router's aims: p99 ≤ 50 ms at
20,000 deliveries a second, ≤ 20 kB a client.

${tableOf(head, lines)}

`;
}

/** The results as a page. */
export function markdown({ machine, warning, quick, date, contestants, rows, pushes }: Report): string {
  const titleOf = (name: string): string => contestants.find((one) => one.name === name)?.title ?? name;
  const doubts = [...(quick ? ['This was `--quick`: too short for figures that mean something.'] : []), ...(warning ? [warning] : [])];
  return `# Gateways beside each other

Made by \`npm run bench:router\`; how it measures is in [bench/router](../bench/router/README.md).
${doubts.map((doubt) => `\n**${doubt}**\n`).join('')}
![Requests per CPU-second of each gateway](bench-router.svg)

\`\`\`
date      ${date.slice(0, 10)}
${machineText(machine)}
cores     ${spread}
\`\`\`

${tableOf(
  ['gateway', 'what'],
  contestants.map(({ title, versions, missing }) => [title, missing === undefined ? versions : `NOT MEASURED: ${told(missing)}`]),
)}

## Queries

${rows.map((row) => section(row, titleOf)).join('\n\n')}

${pushSection(pushes, titleOf)}`.trimEnd();
}
