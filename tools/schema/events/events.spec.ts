import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Output } from '../../generate/output.ts';
import { Repository } from '../repository.ts';
import { RepositoryCopy, told } from '../testing/repository-copy.ts';
import { checkEvents } from './check.ts';
import { publishedFiles } from './published.ts';

const PAYMENTS = 'subgraphs/payments/events.ts';
const APPLICATIONS = 'subgraphs/applications/events.ts';

let copy: RepositoryCopy;

beforeAll(() => {
  copy = new RepositoryCopy()
    .copy('schema/events', 'schema/asyncapi.yaml', 'subgraphs', 'docs/architecture.md', 'docs/contexts.svg')
    .install('zod')
    .commit();
});
afterEach(() => void copy.restore());
afterAll(() => copy.remove());

/** What is found once everything is generated, as a developer would before asking. */
async function verdict(): Promise<string[]> {
  const repository = new Repository(copy.root);
  const output = new Output(false, copy.root);
  const files = await publishedFiles(repository).catch(() => new Map<string, string>());
  for (const [file, text] of files) output.write(file, text);
  if (files.size > 0) output.keepOnly('schema/events', new Set(files.keys()));
  return (await copy.check(checkEvents)).filter(({ rule }) => rule !== 'graph-outdated').map(told);
}

test('a repository in which nothing has changed passes', async () => {
  expect(await copy.check(checkEvents)).toEqual([]);
});

describe('a published event', () => {
  test('that loses a field breaks those who listen', async () => {
    copy.replace(PAYMENTS, 'payload: z.object({ ...of, orderName: z.string(), method })', 'payload: z.object({ ...of, method })');
    expect(await verdict()).toEqual([
      expect.stringMatching(
        /^error event-field-removed: PaymentApproved.v1: orderName is gone \[applications, .*notifications.*\] \(subgraphs\/payments\/events.ts:33\)$/,
      ),
    ]);
  });

  test('that is given a required field cannot be read from the streams', async () => {
    copy
      .replace(PAYMENTS, 'payload: z.object({ ...of, refunded: krw })', 'payload: z.object({ ...of, refunded: krw, fee: krw })')
      .replace(PAYMENTS, 'refunded: 36_000 }', 'refunded: 36_000, fee: 0 }')
      .replace(PAYMENTS, 'amount: 0, refunded: 0 }', 'amount: 0, refunded: 0, fee: 0 }');
    expect(await verdict()).toEqual([expect.stringContaining('error event-field-required: PaymentCancelled.v1: fee is new and required')]);
  });

  test('whose optional field becomes required cannot be read from the streams', async () => {
    copy.replace(
      APPLICATIONS,
      'payload: z.object({ ...of, paymentId: reference.optional() })',
      'payload: z.object({ ...of, paymentId: reference })',
    );
    expect(await verdict()).toEqual([
      expect.stringMatching(/event-field-required: TextbookApplicationCancelled.v1: paymentId was optional and is now required|paymentId/),
    ]);
  });

  test('that may be less than before is narrowed', async () => {
    copy.replace(PAYMENTS, "'DO_NOT_HONOR', 'METHOD_REMOVED'", "'DO_NOT_HONOR'");
    expect(await verdict()).toEqual([
      expect.stringContaining('error event-field-narrowed: PaymentDeclined.v1: reason can no longer be "METHOD_REMOVED"'),
    ]);
  });

  test('whose field has another type is narrowed', async () => {
    copy
      .replace(PAYMENTS, 'refunded: krw })', 'refunded: z.string() })')
      .replace(PAYMENTS, 'refunded: 36_000 }', "refunded: '1' }")
      .replace(PAYMENTS, 'refunded: 0 }', "refunded: '0' }");
    expect(await verdict()).toEqual([expect.stringContaining('PaymentCancelled.v1: refunded was an integer and is now a string')]);
  });

  test('that may be more than before is dangerous until everybody is deployed', async () => {
    copy.replace(PAYMENTS, "'METHOD_REMOVED']", "'METHOD_REMOVED', 'EXPIRED']");
    expect(await verdict()).toEqual([
      expect.stringContaining('warning event-field-widened: PaymentDeclined.v1: reason can now be "EXPIRED", too'),
    ]);
  });

  test('that grows by an optional field is safe', async () => {
    copy.replace(
      PAYMENTS,
      'payload: z.object({ ...of, refunded: krw })',
      'payload: z.object({ ...of, refunded: krw, note: z.string().optional() })',
    );
    expect(await verdict()).toEqual([expect.stringContaining('info event-field-added: PaymentCancelled.v1: note is new and optional')]);
  });

  test('that is gone breaks those who listen', async () => {
    copy.replace(PAYMENTS, 'export const PaymentDeclined', 'const PaymentDeclined');
    expect(await verdict()).toEqual(
      expect.arrayContaining([
        expect.stringContaining('error event-removed: PaymentDeclined is not published any more [applications, my-pages, notifications]'),
        expect.stringContaining('error event-undeclared: notifications listens to PaymentDeclined, which payments does not declare'),
      ]),
    );
  });

  test('whose version is raised in its place leaves the old ones unreadable', async () => {
    copy.replace(PAYMENTS, "  ...ofPayment,\n  name: 'PaymentDeclined',", "  ...ofPayment,\n  version: 2,\n  name: 'PaymentDeclined',");
    expect(await verdict()).toEqual([
      expect.stringContaining('info event-version-added: PaymentDeclined is published as madang.payments.PaymentDeclined.v2'),
      expect.stringContaining('error event-version-removed: PaymentDeclined v1 is not supported any more'),
    ]);
  });

  test('in a new version beside the old one is safe', async () => {
    copy.replace(
      PAYMENTS,
      '/** The charge was refused (결제 거절): nothing was taken. */',
      `export const PaymentDeclinedV2 = defineEvent({
  ...ofPayment,
  name: 'PaymentDeclined',
  version: 2,
  payload: z.object({ ...of, why: z.string() }),
  examples: [{ ...example, why: 'NO_MONEY' }],
});
`,
    );
    expect(await verdict()).toEqual([
      expect.stringContaining('info event-version-added: PaymentDeclinedV2 is published as madang.payments.PaymentDeclined.v2'),
    ]);
  });

  test('on another subject is missed', async () => {
    copy.replace(PAYMENTS, "aggregate: 'payment', version: 1", "aggregate: 'charge', version: 1");
    expect(await verdict()).toContainEqual(
      expect.stringContaining(
        'error event-subject-changed: PaymentApproved.v1 was published on payments.payment.PaymentApproved and is now on payments.charge.PaymentApproved',
      ),
    );
  });

  test('under another key comes in another order', async () => {
    copy.replace(PAYMENTS, 'key: (data: { paymentId: string }) => data.paymentId', 'key: (data: { accountId: string }) => data.accountId');
    expect(await verdict()).toContainEqual(
      expect.stringContaining('error event-key-changed: PaymentApproved.v1 was in order for each paymentId and is now for each accountId'),
    );
  });

  test('that refuses its own published example is found where no schema tells', async () => {
    copy
      .replace(
        PAYMENTS,
        'payload: z.object({ ...of, reason: declineReason })',
        "payload: z.object({ ...of, reason: declineReason }).refine(({ amount }) => amount < 100, 'too much')",
      )
      .replace(
        PAYMENTS,
        "examples: [{ ...example, reason: 'INSUFFICIENT_FUNDS' }]",
        "examples: [{ ...example, amount: 1, reason: 'INSUFFICIENT_FUNDS' }]",
      );
    expect(await verdict()).toEqual([
      expect.stringContaining(
        'error event-example-refused: PaymentDeclined.v1 no longer takes what was published as an example of it: too much',
      ),
    ]);
  });
});

describe('the flow of events', () => {
  test('an event that nobody publishes is waited for in vain', async () => {
    copy.replace('subgraphs/cleanings/decide.ts', 'CleaningConfirmed(', 'CleaningCompleted(');
    expect(await verdict()).toContainEqual(
      expect.stringMatching(
        /^error event-unpublished: CleaningConfirmed is declared, but nothing of cleanings ever publishes it \[my-pages, reservations\]/,
      ),
    );
  });

  test('a policy that nobody wires is never carried out', async () => {
    copy.put('subgraphs/cleanings/policies/forget-when-cleaning-confirmed.ts', 'export const forget = 1;\n');
    expect(await verdict()).toEqual([
      'error policy-idle: this policy is never carried out: subgraph.ts does not reach it [cleanings] (subgraphs/cleanings/policies/forget-when-cleaning-confirmed.ts:1)',
    ]);
  });

  test('an example that does not fit its payload is told with its file', async () => {
    copy.replace(PAYMENTS, 'amount: 36_000', 'amount: -1');
    expect(await verdict()).toEqual([
      expect.stringMatching(
        /^error events-unreadable: .*PaymentApproved: an example does not fit its payload.*\(subgraphs\/payments\/events.ts\)$/s,
      ),
    ]);
  });
});

describe('what is generated', () => {
  test('has to be committed', async () => {
    copy.delete('schema/events/payments/PaymentDeclined.v1.json').put('schema/events/payments/PaymentLost.v1.json', '{}');
    expect((await copy.check(checkEvents)).map(told)).toEqual([
      'error event-schemas-outdated: not up to date with the events: schema/events/payments/PaymentDeclined.v1.json, schema/events/payments/PaymentLost.v1.json (schema/events/payments/PaymentDeclined.v1.json)',
      expect.stringContaining(
        'error asyncapi-invalid: schema/asyncapi.yaml is not valid: ./events/payments/PaymentDeclined.v1.json leads nowhere',
      ),
    ]);
  });

  test('is an AsyncAPI document', async () => {
    copy.replace('schema/asyncapi.yaml', 'action: send', 'action: shout');
    expect((await copy.check(checkEvents)).map(told)).toContainEqual(
      expect.stringMatching(/^error asyncapi-invalid: .*action must be equal to one of the allowed values: send,receive/),
    );
  });
});
