import { SPAN_ATTRIBUTES } from '@madang/kernel/observability';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CollectedSpan, type OtlpCollector, otlpCollector } from '../../kernel/testing/otlp-collector.ts';
import { clientOf, type Listener, listen } from '../../router/testing/listen.ts';
import { CARD, newCustomer, type Person } from '../harness/people.ts';
import { PATIENT_EDGES, type System, startSystem } from '../harness/system.ts';
import { ADDRESS, APPLICATION, type ApplicationChange, orderOf, statusOf } from '../harness/textbooks.ts';
import { eventually } from '../harness/until.ts';

const TRACE = '5ca1ab1e'.repeat(4);
const APPLY = 'mutation ApplyForTextbook($input: ApplyForTextbookInput!) { applyForTextbook(input: $input) { id status } }';
const WATCH = `subscription { told: applicationStatusChanged { status cursor application { ${APPLICATION} } } }`;

let collector: OtlpCollector;
let system: System;
let student: Person;
let raw: Listener;

/** The click: with a traceparent, as a browser's own tracing would send it. */
async function click(): Promise<void> {
  const response = await fetch(system.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${student.token}`,
      traceparent: `00-${TRACE}-00f067aa0ba902b7-01`,
    },
    body: JSON.stringify({ query: APPLY, variables: { input: orderOf() } }),
  });
  expect(await response.json()).toMatchObject({ data: { applyForTextbook: { status: expect.any(String) } } });
}

const inTrace = (): CollectedSpan[] => collector.spans.filter(({ traceId }) => traceId === TRACE);
/** Those whose parent is not there, or not yet: every program sends its spans by itself. */
const orphans = (): CollectedSpan[] => {
  const ids = new Set(inTrace().map(({ spanId }) => spanId));
  return inTrace().filter(({ parentSpanId }) => !parentSpanId || !ids.has(parentSpanId));
};
const told = ({ service, name }: CollectedSpan) => `${service}: ${name}`;

beforeAll(async () => {
  collector = await otlpCollector();
  const tracing = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '200' };
  system = await startSystem({ env: { ...PATIENT_EDGES, ...tracing } });
  student = await newCustomer(system);
  const changes = await student.watch<{ told: ApplicationChange } & ApplicationChange>('applications', WATCH);
  raw = listen(clientOf(system.url, { connectionParams: { authorization: `Bearer ${student.token}` } }), { query: WATCH });
  await click();
  await changes.are(statusOf, ['APPLIED', 'PAID', 'DELIVERING']);
  await raw.got(1);
  await eventually(() => inTrace().filter(({ name }) => name.startsWith('push ')).length >= 3 && orphans().length === 1, {
    withinMs: 15_000,
  });
});
afterAll(async () => {
  raw?.stop();
  await system?.stop();
  await collector?.close();
});

test('a click and all that comes of it, up to the pushes, is one trace', () => {
  expect([...new Set(inTrace().map(told))]).toEqual(
    expect.arrayContaining([
      ...['router: mutation ApplyForTextbook', 'router: fetch applications', 'applications: mutation applyForTextbook'],
      ...['applications: execute textbook application', 'applications: call payments', 'payments: execute payment'],
      ...['applications: publish TextbookApplicationPaid', 'payments: publish PaymentApproved', 'deliveries: publish DeliveryStarted'],
      ...['deliveries: react start-delivery-when-application-paid', 'deliveries: execute delivery'],
      ...['applications: fill in TextbookApplicationPaid', 'router: push anonymous', 'router: fetch payments'],
    ]),
  );
});

test('every span hangs on one that is there, up to the click', () => {
  expect(orphans().map(told)).toEqual(['router: mutation ApplyForTextbook']);
  expect(orphans()[0]?.parentSpanId).toBe('00f067aa0ba902b7');
  expect(
    inTrace()
      .filter(({ failed }) => failed)
      .map(told),
  ).toEqual([]);
});

test('a push hangs on what caused it and has a link to its subscription', () => {
  const spans = inTrace();
  const pushed = spans.filter(({ name }) => name === 'push anonymous');
  const subscription = collector.spans.find(({ name }) => name === 'subscription anonymous');
  for (const push of pushed) {
    expect(spans.find(({ spanId }) => spanId === push.parentSpanId)?.name).toMatch(/^fill in /);
    expect(push.links?.map(({ traceId }) => traceId)).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);
    expect(subscription?.traceId).not.toBe(TRACE);
  }
});

test('nobody gets to see tracing in a push', () => {
  expect(raw.results.length).toBeGreaterThan(0);
  for (const result of raw.results) expect(Object.keys(result)).toEqual(['data']);
});

test('no token, card number, argument or unknown attribute is exported', () => {
  const everything = collector.bodies.join('\n');
  const { recipient, phone, line1 } = ADDRESS;
  for (const secret of [student.token ?? '', CARD.good, student.accountId, recipient, phone, line1, 'eyJ', 'Bearer', 'idempotencyKey'])
    expect(everything.includes(secret), secret).toBe(false);
  const names = new Set(
    collector.spans.flatMap(({ attributes, events }) => [attributes, ...events.map((event) => event.attributes)]).flatMap(Object.keys),
  );
  expect([...names].filter((name) => !(SPAN_ATTRIBUTES as readonly string[]).includes(name))).toEqual([]);
});
