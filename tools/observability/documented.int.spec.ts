import { readFileSync, writeFileSync } from 'node:fs';
import { eventually } from '@madang/kernel/testing';
import { type RunningContext, runningContext } from '@madang/kernel/testing/context';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { routerMetrics } from '../../router/metrics.ts';
import { applications } from '../../subgraphs/applications/subgraph.ts';
import { type Declared, declaredIn, tableOf, withTable } from './metrics-table.ts';

const DOCUMENT = new URL('../../docs/observability.md', import.meta.url);

/** A context with calls, reactions, intents and subscriptions: it has every metric that the kernel knows. */
let running: RunningContext;
let context: Declared[] = [];

beforeAll(async () => {
  let registry = new Registry();
  running = await runningContext(
    {
      ...applications,
      build(kernel) {
        registry = kernel.metrics;
        return applications.build(kernel);
      },
    },
    { env: { PAYMENTS_URL: 'http://127.0.0.1:9/graphql' } },
  );
  await eventually(() => registry.getSingleMetric('madang_dead_letters') !== undefined);
  context = declaredIn(registry);
});
afterAll(() => running?.close());

test('docs/observability.md has every metric; WRITE_DOCS=1 brings it up to date', () => {
  const now = readFileSync(DOCUMENT, 'utf8');
  const right = withTable(withTable(now, 'context', tableOf(context)), 'router', tableOf(declaredIn(routerMetrics().registry)));
  if (process.env.WRITE_DOCS === '1') writeFileSync(DOCUMENT, right);
  else expect(now).toBe(right);
});

test('names follow the conventions of Prometheus', () => {
  for (const { name, type, labels } of [...context, ...declaredIn(routerMetrics().registry)]) {
    expect(name).toMatch(/^madang_[a-z]+(_[a-z]+)*$/);
    expect(name.endsWith('_total'), `${name} is a ${type}`).toBe(type === 'counter');
    if (type === 'histogram') expect(name).toMatch(/_(seconds|cost)$/);
    for (const label of labels) expect(label).toMatch(/^[a-z]+(_[a-z]+)*$/);
  }
});
