import { TextbookCancellationRequested } from '@madang/applications/events';
import { type Actor, service } from '@madang/kernel/domain';
import { runningContext } from '@madang/kernel/testing/context';
import { uuidv7 } from 'uuidv7';
import { payments } from '../subgraph.ts';
import { standInDeliveries } from './deliveries.ts';

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

/** Payments as it runs, several replicas of it if asked for; the test plays deliveries and those who call. */
export async function paymentsYard({ replicas = 1, env = {} }: { replicas?: number; env?: Record<string, string> } = {}) {
  const deliveries = await standInDeliveries();
  const context = await runningContext(payments, {
    replicas,
    env: { DELIVERIES_URL: deliveries.url, PAYMENTS_TO_DELIVERIES_BREAKER_OPEN_MS: '100', ...env },
  });
  const { rows, told, openIntents, publish, watch } = context;

  async function call<T>(actor: Actor, query: string, variables?: object, url?: string): Promise<Answer<T>> {
    const { data, refusal } = await context.ask<T>(query, variables, actor, url);
    return { data, code: refusal?.code, extensions: refusal };
  }
  const command = (name: string, selection: string) =>
    `mutation Run($input: ${name[0]?.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${selection} } }`;

  return {
    /** What another replica has to be started with. */
    settings: context.env,
    deliveries,
    rows,
    call,
    openIntents,
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
    /** The names of what has been published about it, in order. */
    events: told,
    /** Tells that a student wants it cancelled, as the applications context would. */
    cancellationRequested: ({ accountId, reference: applicationId }: { accountId: string; reference: string }) =>
      publish(TextbookCancellationRequested, { applicationId, accountId }),
    watch: <Change>(actor: Actor, query: string) => watch<Change>(query, actor),
    async close() {
      await context.close();
      deliveries.close();
    },
  };
}

export type PaymentsYard = Awaited<ReturnType<typeof paymentsYard>>;
