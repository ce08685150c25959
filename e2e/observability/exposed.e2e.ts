import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Exposition } from '../../tools/observability/exposition.ts';
import { alerts, dashboardExpressions } from '../../tools/observability/monitoring.ts';
import { selectedBy } from '../../tools/observability/promql.ts';
import { newCustomer } from '../harness/people.ts';
import { type System, startSystem } from '../harness/system.ts';
import { apply, becomes, READ, watchApplications } from '../harness/textbooks.ts';
import { eventually } from '../harness/until.ts';

let system: System;
const exposition = new Exposition();

const metricsOf = async (url: string): Promise<string> => (await fetch(new URL('/metrics', url))).text();

/** A day in short: somebody applies, is pushed, and then a context goes away under a query and a subscription. */
beforeAll(async () => {
  // The router does not wait for long until it gives a subscription up.
  system = await startSystem({ processes: ['applications'], env: { ROUTER_RESUME_FOR_MS: '300' } });
  const student = await newCustomer(system);
  const watched = await watchApplications(student);
  const { id } = await apply(student);
  await becomes(student, id, 'DELIVERING');
  const { env } = system.madang;
  const urls = Object.keys(env).filter((name) => name.endsWith('_URL') && env[name]?.endsWith('/graphql'));
  for (const name of urls) exposition.add(await metricsOf(env[name] as string));
  await system.madang.halt('applications');
  await eventually(() => watched.ended);
  await student.ask(READ, { id });
  exposition.add(await metricsOf(system.url));
});
afterAll(() => system?.stop());

const lacks = (expr: string) => selectedBy(expr).flatMap((selected) => exposition.lacks(selected));

test('the test would notice a metric, a label or a value that is not there', () => {
  expect(lacks('rate(madang_outbox_published[5m])')).toEqual(['no program exposes madang_outbox_published']);
  expect(lacks('sum by (stream) (madang_consumer_pending_events)')).toEqual(['madang_consumer_pending_events has no label stream']);
  expect(lacks('madang_events_handled_total{outcome="lost"}')).toEqual(['madang_events_handled_total has no outcome="lost"']);
});

test.each(alerts())('alert $alert asks for what programs expose', ({ expr }) => {
  expect(lacks(expr)).toEqual([]);
});

test.each(dashboardExpressions())('$where asks for what programs expose', ({ expr }) => {
  expect(lacks(expr)).toEqual([]);
});

test('every alert has a severity, a reason, and a place in docs/observability.md that says what to do', () => {
  const document = readFileSync(new URL('../../docs/observability.md', import.meta.url), 'utf8');
  const anchors = [...document.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase().replaceAll(' ', '-'));
  for (const { alert, labels, annotations } of alerts()) {
    expect(['critical', 'warning'], alert).toContain(labels.severity);
    expect(annotations.summary.length * annotations.reason.length, alert).toBeGreaterThan(0);
    const [page, anchor = ''] = annotations.runbook.split('#');
    expect(page).toBe('docs/observability.md');
    expect(anchors, alert).toContain(anchor);
  }
});
