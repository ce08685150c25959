import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** An expression, and where it stands. */
export interface Expression {
  readonly where: string;
  readonly expr: string;
}

export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly reason: string; readonly runbook: string };
}

interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets?: readonly { readonly expr: string }[] }[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string; readonly query: string }[] };
}

const file = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const LABEL_VALUES = /^label_values\((.+), *(\w+)\)$/;

/** The rules of deploy/prometheus/alerts.yaml. */
export function alerts(): Alert[] {
  const { groups } = parse(file('deploy/prometheus/alerts.yaml')) as { groups: { rules: Alert[] }[] };
  return groups.flatMap(({ rules }) => rules);
}

/** Every expression of deploy/grafana/dashboard.json, those of its variables too. */
export function dashboardExpressions(): Expression[] {
  const { panels, templating } = JSON.parse(file('deploy/grafana/dashboard.json')) as Dashboard;
  const variables = templating.list.flatMap(({ name, type, query }) => {
    const [, selector, label] = LABEL_VALUES.exec(query) ?? [];
    return type === 'query' ? [{ where: `variable ${name}`, expr: `count by (${label}) (${selector})` }] : [];
  });
  return [...variables, ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ where: `panel ${title}`, expr })))];
}
