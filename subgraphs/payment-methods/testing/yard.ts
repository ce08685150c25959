import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { service, type User, user } from '@madang/kernel/domain';
import { internalTokens } from '@madang/kernel/identity';
import { testDatabase, testPrefix, testServers } from '@madang/kernel/testing';
import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { wireTo } from './wire.ts';

const SECRET = 'a secret of the tests, long enough';

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

/** A context as a process of its own, which can be killed. */
export class Process {
  url = '';
  output = '';
  readonly #file: URL;
  readonly #env: Record<string, string>;
  #child: ChildProcess | null = null;

  constructor(file: URL, env: Record<string, string>) {
    this.#file = file;
    this.#env = env;
  }

  async start(): Promise<this> {
    const child = fork(this.#file, { env: { ...process.env, ...this.#env }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (this.output += text));
    this.#child = child;
    const [message] = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => [null])]);
    if (message === null) throw new Error(`it could not start: ${this.output}`);
    this.url = (message as { ready: string }).ready;
    return this;
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }
}

/** Payment methods and payments, each as a process with a database, and the wire between them. */
export async function paymentMethodsYard({ env = {} }: { env?: Record<string, string> } = {}) {
  const [own, theirs] = [await testDatabase('payment-methods'), await testDatabase('payments')];
  const { postgresUrl, natsUrl } = testServers();
  const tokens = internalTokens(SECRET);
  const settings = {
    DATABASE_URL: postgresUrl,
    PAYMENT_METHODS_DATABASE: own.name,
    PAYMENTS_DATABASE: theirs.name,
    NATS_URL: natsUrl,
    NATS_PREFIX: testPrefix(),
    INTERNAL_SECRET: SECRET,
    LOG_LEVEL: 'trace',
    DELIVERIES_URL: 'http://127.0.0.1:9/graphql',
    PAYMENT_METHODS_TO_PAYMENTS_BREAKER_OPEN_MS: '100',
    ...env,
  };
  const payments = await new Process(new URL('../../payments/main.ts', import.meta.url), settings).start();
  const wire = await wireTo(() => payments.url);
  const methods = await new Process(new URL('../main.ts', import.meta.url), { ...settings, PAYMENTS_URL: wire.url }).start();
  const pools = { own: new pg.Pool({ connectionString: own.url, max: 2 }), theirs: new pg.Pool({ connectionString: theirs.url, max: 2 }) };
  // The databases are dropped under connections that are just being closed.
  for (const pool of Object.values(pools)) pool.on('error', () => {});
  const rows = async <Row extends pg.QueryResultRow>(where: keyof typeof pools, text: string, ...values: unknown[]) =>
    (await pools[where].query<Row>(text, values)).rows;

  async function call<T>(who: User | null, query: string, variables: object = {}): Promise<Answer<T>> {
    const token = await tokens.issue(who ?? { kind: 'anonymous' }, 'router');
    const response = await fetch(methods.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data?: Record<string, T>; errors?: { extensions: Record<string, unknown> }[] };
    return {
      data: Object.values(data ?? {})[0] ?? null,
      code: errors?.[0]?.extensions?.code as string | undefined,
      extensions: errors?.[0]?.extensions,
    };
  }

  return {
    payments,
    methods,
    wire,
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
    intents: () => rows<{ kind: string; key: string }>('own', 'SELECT * FROM kernel.intent'),
    events: async ({ accountId }: User) =>
      (await rows<{ type: string }>('own', `SELECT type FROM kernel.outbox WHERE data->>'accountId' = $1 ORDER BY seq`, accountId)).map(
        ({ type }) => type.split('.')[2],
      ),
    sandbox: (change: string) => rows('theirs', `UPDATE "SandboxSwitch" SET ${change}`),
    async approve({ accountId }: User): Promise<Record<string, unknown>> {
      const query = 'mutation Run($input: ApprovePaymentInput!) { approvePayment(input: $input) { status method { last4 } } }';
      const reference = uuidv7();
      const input = { accountId, context: 'tickets', reference, amount: 1_000, orderName: '이용권', idempotencyKey: reference };
      const authorization = `Bearer ${await tokens.issue(service('tickets'), 'tickets')}`;
      const response = await fetch(payments.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify({ query, variables: { input } }),
      });
      const { data, errors } = (await response.json()) as {
        data?: { approvePayment?: Record<string, unknown> };
        errors?: { extensions: Record<string, unknown> }[];
      };
      return data?.approvePayment ?? errors?.[0]?.extensions ?? {};
    },
    async close() {
      await methods.kill('SIGTERM');
      await payments.kill('SIGTERM');
      wire.close();
      await Promise.all([pools.own.end(), pools.theirs.end()]);
      await own.drop();
      await theirs.drop();
    },
  };
}

export type PaymentMethodsYard = Awaited<ReturnType<typeof paymentMethodsYard>>;
