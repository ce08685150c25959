import { anonymous, service, type User, user } from '@madang/kernel/domain';
import { type Carriage, wireTo } from '@madang/kernel/testing';
import { ContextProcess, contextStage } from '@madang/kernel/testing/context';
import { uuidv7 } from 'uuidv7';

export interface MethodAnswer {
  readonly id: string;
  readonly kind: string;
  readonly maskedNumber: string;
  readonly isDefault: boolean;
  readonly status: string;
}

export interface Answer<T> {
  readonly data: T | null;
  readonly code: string | undefined;
  readonly extensions: Record<string, unknown> | undefined;
}

const METHOD = 'id kind maskedNumber isDefault status registeredAt account { id }';

/** Payment methods and payments, each as a process with a database, and the wire between them. */
export async function paymentMethodsYard() {
  const stages = { own: await contextStage('payment-methods'), theirs: await contextStage('payments') };
  const { own, theirs } = stages;
  const env = {
    ...theirs.env,
    ...own.env,
    LOG_LEVEL: 'trace',
    DELIVERIES_URL: 'http://127.0.0.1:9/graphql',
    PAYMENT_METHODS_TO_PAYMENTS_BREAKER_OPEN_MS: '100',
  };
  const payments = await new ContextProcess(new URL('../../payments/main.ts', import.meta.url), env).start();
  const is: { now: Carriage } = { now: 'SOUND' };
  const wire = await wireTo(
    () => payments.url,
    () => is.now,
  );
  const methods = await new ContextProcess(new URL('../main.ts', import.meta.url), { ...env, PAYMENTS_URL: wire.url }).start();
  const rows = <Row extends Record<string, unknown>>(where: keyof typeof stages, text: string, ...values: unknown[]) =>
    stages[where].rows<Row>(text, ...values);

  async function call<T>(who: User | null, query: string, variables?: object): Promise<Answer<T>> {
    const { data, refusal } = await own.askAt<T>(methods.url, query, variables, who ?? anonymous);
    return { data, code: refusal?.code, extensions: refusal };
  }

  return {
    payments,
    methods,
    /** What becomes of calls to payments. */
    wire: { is },
    rows,
    call,
    customer: () => user(uuidv7(), 'CUSTOMER'),
    run: (who: User | null, name: string, input: object) =>
      call<MethodAnswer>(
        who,
        `mutation Run($input: ${name[0]?.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${METHOD} } }`,
        { input },
      ),
    register: (who: User | null, number = '4242 4242 4242 4242', more: object = {}) =>
      call<MethodAnswer>(who, `mutation Run($input: RegisterPaymentMethodInput!) { registerPaymentMethod(input: $input) { ${METHOD} } }`, {
        input: { kind: 'CREDIT_CARD', number, ...more },
      }),
    async list(who: User, account = who.accountId, status: string | null = 'REGISTERED'): Promise<MethodAnswer[]> {
      const query = `query List($representations: [_Any!]!, $status: PaymentMethodStatus) {
        _entities(representations: $representations) { ... on Account { paymentMethods(status: $status) { edges { node { ${METHOD} } } } } } }`;
      const { data } = await call<{ paymentMethods: { edges: { node: MethodAnswer }[] } }[]>(who, query, {
        status,
        representations: [{ __typename: 'Account', id: account }],
      });
      return (data?.[0]?.paymentMethods.edges ?? []).map(({ node }) => node);
    },
    /** What payments would charge the account to: the last four digits. */
    async charged({ accountId }: User): Promise<string | null> {
      const [row] = await rows<{ last4: string }>(
        'theirs',
        `SELECT key.last4 FROM "Payer" payer JOIN "BillingKey" key ON key.id = payer."defaultKeyId" AND key.status = 'ACTIVE' WHERE payer."accountId" = $1`,
        accountId,
      );
      return row?.last4 ?? null;
    },
    keys: ({ accountId }: User) =>
      rows<{ id: string; status: string; last4: string }>(
        'theirs',
        `SELECT * FROM "BillingKey" WHERE "accountId" = $1 ORDER BY id`,
        accountId,
      ),
    intents: own.openIntents,
    events: async ({ accountId }: User) =>
      (await rows<{ type: string }>('own', `SELECT type FROM kernel.outbox WHERE data->>'accountId' = $1 ORDER BY seq`, accountId)).map(
        ({ type }) => type.split('.')[2],
      ),
    sandbox: (change: string) => rows('theirs', `UPDATE "SandboxSwitch" SET ${change}`),
    async approve({ accountId }: User): Promise<Record<string, unknown>> {
      const query = 'mutation Run($input: ApprovePaymentInput!) { approvePayment(input: $input) { status method { last4 } } }';
      const reference = uuidv7();
      const input = { accountId, context: 'tickets', reference, amount: 1_000, orderName: '이용권', idempotencyKey: reference };
      const { data, refusal } = await theirs.askAt<Record<string, unknown>>(payments.url, query, { input }, service('tickets'));
      return data ?? refusal ?? {};
    },
    async close() {
      await methods.kill('SIGTERM');
      await payments.kill('SIGTERM');
      wire.close();
      await Promise.all([own.close(), theirs.close()]);
    },
  };
}

export type PaymentMethodsYard = Awaited<ReturnType<typeof paymentMethodsYard>>;
