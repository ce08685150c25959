import { randomUUID } from 'node:crypto';
import { TextbookCancellationRequested } from '@madang/applications/events';
import { type Running, startContext } from '@madang/kernel/context';
import { type Actor, service } from '@madang/kernel/domain';
import { internalTokens } from '@madang/kernel/identity';
import { Broker, encode } from '@madang/kernel/nats';
import { testDatabase, testPrefix, testServers } from '@madang/kernel/testing';
import { createClient } from 'graphql-ws';
import pg from 'pg';
import { pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import { payments } from '../subgraph.ts';
import { standInDeliveries } from './deliveries.ts';

const SECRET = 'a secret of the tests, long enough';

export interface Answer<T> {
  readonly data: T | null;
  readonly code: string | undefined;
  readonly extensions: Record<string, unknown> | undefined;
}

export interface PaymentAnswer {
  readonly id: string;
  readonly status: string;
  readonly amount: number;
  readonly refunded: number;
  readonly declineReason: string | null;
  readonly orderName: string | null;
  readonly method: { kind: string; last4: string } | null;
}

interface Order extends Readonly<Record<string, unknown>> {
  readonly accountId: string;
  readonly reference: string;
}

const PAYMENT = 'id status amount refunded declineReason orderName method { kind last4 }';
const KEY = 'paymentMethodId kind last4 isDefault status revision';

export const applications: Actor = service('applications');
export const paymentMethods: Actor = service('payment-methods');

/** Payments as it runs, several replicas of it if asked for, with a database of its own. */
export async function paymentsYard({ replicas = 1, env = {} }: { replicas?: number; env?: Record<string, string> } = {}) {
  const database = await testDatabase('payments');
  const deliveries = await standInDeliveries();
  const tokens = internalTokens(SECRET);
  const { postgresUrl, natsUrl } = testServers();
  const settings = {
    DATABASE_URL: postgresUrl,
    PAYMENTS_DATABASE: database.name,
    NATS_URL: natsUrl,
    NATS_PREFIX: testPrefix(),
    INTERNAL_SECRET: SECRET,
    DELIVERIES_URL: deliveries.url,
    PAYMENTS_TO_DELIVERIES_BREAKER_OPEN_MS: '100',
    LOG_LEVEL: process.env.TEST_LOG ?? 'silent',
    ...env,
  };
  const broker = await Broker.open({ url: natsUrl, prefix: settings.NATS_PREFIX, name: 'test', log: pino({ level: 'silent' }) });
  await broker.ensureStream('applications');
  const running: Running[] = [];
  for (let replica = 0; replica < replicas; replica++) running.push(await startContext(payments, settings));
  const pool = new pg.Pool({ connectionString: database.url, max: 4 });
  // The database is dropped under connections that are just being closed.
  pool.on('error', () => {});
  let turn = 0;

  async function call<T>(actor: Actor, query: string, variables: object = {}, url = running[turn++ % replicas]?.url): Promise<Answer<T>> {
    const response = await fetch(url ?? '', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await tokens.issue(actor, 'name' in actor ? actor.name : 'router')}`,
      },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data?: Record<string, T>; errors?: { extensions: Record<string, unknown> }[] };
    const [answer = null] = Object.values(data ?? {});
    return { data: answer, code: errors?.[0]?.extensions?.code as string | undefined, extensions: errors?.[0]?.extensions };
  }

  const rows = async <Row extends pg.QueryResultRow>(text: string, ...values: unknown[]) => (await pool.query<Row>(text, values)).rows;
  const command = (name: string, selection: string) =>
    `mutation Run($input: ${name[0]?.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${selection} } }`;

  return {
    database,
    deliveries,
    rows,
    call,
    settings,
    approve: (of: Order, actor = applications, url?: string) => {
      const input = { context: 'applications', amount: 10_000, orderName: '교재', idempotencyKey: of.reference, ...of };
      return call<PaymentAnswer>(actor, command('approvePayment', PAYMENT), { input }, url);
    },
    cancel: (of: Order, actor = applications, url?: string) => {
      const input = { context: 'applications', idempotencyKey: of.reference, ...of };
      return call<PaymentAnswer>(actor, command('cancelPayment', PAYMENT), { input }, url);
    },
    key: (name: 'registerBillingKey' | 'changeBillingKey' | 'revokeBillingKey', input: object, actor = paymentMethods) =>
      call<Record<string, unknown>>(actor, command(name, KEY), { input: { idempotencyKey: uuidv7(), ...input } }),

    /** An account that can be charged. */
    async payer(number = '4242424242424242'): Promise<string> {
      const accountId = uuidv7();
      const input = { accountId, paymentMethodId: uuidv7(), kind: 'CREDIT_CARD', number, isDefault: true, revision: 1 };
      const { code } = await this.key('registerBillingKey', input);
      if (code) throw new Error(`the payer was refused: ${code}`);
      return accountId;
    },
    sandbox: (change: string) => rows(`UPDATE "SandboxSwitch" SET ${change}`),
    payment: async (reference: string) =>
      (
        await rows<{ id: string; status: string; refunded: number; amount: number }>(
          `SELECT * FROM "Payment" WHERE reference = $1`,
          reference,
        )
      )[0],
    /** What the processor's books say of a payment: charged less given back, and how many entries of each there are. */
    async ledger(paymentId: string) {
      const [row] = await rows<{ charges: number; refunds: number; net: number }>(
        `SELECT count(*) FILTER (WHERE charge.entry = 'CHARGE' AND charge."chargeId" IS NOT NULL)::int AS charges, count(refund."chargeId")::int AS refunds,
           coalesce(sum(charge.amount) FILTER (WHERE charge."chargeId" IS NOT NULL), 0)::int - coalesce(sum(refund.amount), 0)::int AS net
         FROM "SandboxLedger" charge LEFT JOIN "SandboxLedger" refund ON refund.entry = 'REFUND' AND refund."chargeId" = charge."chargeId"
         WHERE charge."idempotencyKey" = $1`,
        `charge:${paymentId}`,
      );
      return row;
    },
    /** Payments that the processor's books say something else of; none, once no intent is open. */
    disagreements: () =>
      rows(`SELECT payment.id, payment.status, payment.amount, charge.amount AS charged, refund.amount AS given_back
        FROM "Payment" payment
        LEFT JOIN "SandboxLedger" charge ON charge."idempotencyKey" = 'charge:' || payment.id AND charge.entry = 'CHARGE' AND charge.declined IS NULL
        LEFT JOIN "SandboxLedger" refund ON refund."idempotencyKey" = 'refund:' || payment.id
        WHERE coalesce(charge.amount, 0) - coalesce(refund.amount, 0) <> CASE payment.status WHEN 'APPROVED' THEN payment.amount ELSE 0 END
          OR coalesce(refund.amount, 0) <> payment.refunded`),
    events: async (paymentId: string) =>
      (await rows<{ type: string }>(`SELECT type FROM kernel.outbox WHERE key = $1 ORDER BY seq`, paymentId)).map(
        ({ type }) => type.split('.')[2],
      ),
    /** Tells that a student wants it cancelled, as the applications context would. */
    async cancellationRequested(order: { accountId: string; reference: string }): Promise<void> {
      const { subject: prefix, type } = TextbookCancellationRequested;
      const data = JSON.stringify({ applicationId: order.reference, accountId: order.accountId, at: new Date().toISOString() });
      const subject = `${prefix}.${order.reference}`;
      const row = { seq: '0', id: randomUUID(), type, subject, key: order.reference, time: new Date(), data, after: null };
      const headers = encode({ ...row, correlation_id: 'test', causation_id: null, traceparent: null });
      await broker.js.publish(broker.names.subject(subject), data, { headers });
    },
    /** Collects what a subscription yields until it ends or is stopped. */
    async watch<Change>(actor: Actor, query: string) {
      const connectionParams = { token: await tokens.issue(actor, 'router') };
      const client = createClient({ url: (running[0]?.url ?? '').replace('http:', 'ws:'), connectionParams, retryAttempts: 0 });
      const answers = client.iterate<Record<string, Change>>({ query });
      const seen: Change[] = [];
      let code: unknown;
      const ended = (async () => {
        try {
          for await (const { data, errors } of answers) {
            code ??= errors?.[0]?.extensions?.code;
            seen.push(...Object.values(data ?? {}));
          }
        } catch (error) {
          code ??= (error as { extensions?: { code: string } }[])[0]?.extensions?.code;
        }
        return code;
      })();
      return { seen, ended, stop: async () => void (await answers.return?.()) };
    },
    openIntents: async () => rows(`SELECT kind, key, attempts, last_error FROM kernel.intent`),
    async close() {
      await Promise.all(running.map((one) => one.close()));
      await broker.close();
      await pool.end();
      await deliveries.close();
      await database.drop();
    },
  };
}

export type PaymentsYard = Awaited<ReturnType<typeof paymentsYard>>;

/** Runs it that many times, some at a time. */
export async function times(count: number, run: (turn: number) => Promise<void>, atOnce = 10): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) await run(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}
