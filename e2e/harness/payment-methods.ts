import { expect } from 'vitest';
import { type Answer, patiently } from './client.ts';
import type { Person } from './people.ts';
import type { System } from './system.ts';
import { eventually } from './until.ts';

export interface PaymentMethod {
  readonly id: string;
  readonly kind: string;
  readonly maskedNumber: string;
  readonly isDefault: boolean;
  readonly status: 'REGISTERED' | 'REMOVED';
}

const METHOD = 'id kind maskedNumber isDefault status';
export const REGISTER = `mutation Register($input: RegisterPaymentMethodInput!) { method: registerPaymentMethod(input: $input) { ${METHOD} } }`;
export const CHANGE = `mutation Change($input: ChangePaymentMethodInput!) { method: changePaymentMethod(input: $input) { ${METHOD} } }`;
export const MAKE_DEFAULT = `mutation Default($input: MakePaymentMethodDefaultInput!) { method: makePaymentMethodDefault(input: $input) { ${METHOD} } }`;
export const REMOVE = `mutation Remove($input: RemovePaymentMethodInput!) { method: removePaymentMethod(input: $input) { ${METHOD} } }`;

const doing =
  <Input extends object>(mutation: string) =>
  async (person: Person, input: Input): Promise<PaymentMethod> =>
    (await person.data<{ method: PaymentMethod }>(mutation, { input })).method;

export const card = (number: string, more: object = {}) => ({ kind: 'CREDIT_CARD', number, ...more });
export const register = (person: Person, number: string, more: object = {}) => doing<object>(REGISTER)(person, card(number, more));
export const changeNumber = doing<{ paymentMethodId: string; number: string }>(CHANGE);
export const makeDefault = doing<{ paymentMethodId: string }>(MAKE_DEFAULT);
export const remove = doing<{ paymentMethodId: string }>(REMOVE);

/** As a good client does: again, with the same key, until it is answered. */
export const registerPatiently = (person: Person, number: string, idempotencyKey: string) =>
  patiently(() => person.ask<{ method: PaymentMethod }>(REGISTER, { input: card(number, { idempotencyKey }) }) as Promise<Answer<object>>);

/** Newest first. */
export async function methodsOf(person: Person): Promise<PaymentMethod[]> {
  const { me } = await person.data<{ me: { paymentMethods: { edges: { node: PaymentMethod }[] } } }>(
    `{ me { paymentMethods(first: 100) { edges { node { ${METHOD} } } } } }`,
  );
  return me.paymentMethods.edges.map(({ node }) => node);
}

/** What each of the two contexts keeps of an account's methods, the default marked: `<id> 4242 default`. */
export async function keptOf({ databases }: System, { accountId }: Person) {
  const [methods, keys, [undecided]] = await Promise.all([
    databases.query<{ is: string }>(
      'payment_methods',
      `SELECT concat_ws(' ', m."id", m."last4", CASE WHEN o."defaultId" = m."id" THEN 'default' END) AS is
       FROM "PaymentMethod" m JOIN "Owner" o USING ("accountId") WHERE m."status" = 'REGISTERED' AND m."accountId" = $1 ORDER BY 1`,
      [accountId],
    ),
    databases.query<{ is: string }>(
      'payments',
      `SELECT concat_ws(' ', k."id", k."last4", CASE WHEN p."defaultKeyId" = k."id" THEN 'default' END) AS is
       FROM "BillingKey" k LEFT JOIN "Payer" p USING ("accountId") WHERE k."status" = 'ACTIVE' AND k."accountId" = $1 ORDER BY 1`,
      [accountId],
    ),
    databases.query<{ count: number }>(
      'payment_methods',
      `SELECT (SELECT count(*) FROM kernel.intent WHERE payload->>'accountId' = $1)::int
        + (SELECT count(*) FROM "Owner" WHERE "accountId" = $1 AND "pending" IS NOT NULL)::int AS count`,
      [accountId],
    ),
  ]);
  return { methods: methods.map(({ is }) => is), keys: keys.map(({ is }) => is), undecided: undecided?.count };
}

/** Waits until every change is decided; then both contexts have the same methods, with the same last digits and default. */
export async function expectAgreement(system: System, person: Person): Promise<string[]> {
  return eventually(
    async () => {
      const { methods, keys, undecided } = await keptOf(system, person);
      expect(undecided, 'changes that are not decided').toBe(0);
      expect(keys).toEqual(methods);
      return methods;
    },
    { withinMs: 20_000, everyMs: 50 },
  );
}

/** What the processor has charged an account for, by the last digits of what it charged. */
export const chargesOf = ({ databases }: System, { accountId }: Person) =>
  databases.query<{ last4: string; at: Date }>(
    'payments',
    `SELECT p."methodLast4" AS last4, l."at" FROM "SandboxLedger" l JOIN "Payment" p ON l."idempotencyKey" = 'charge:' || p."id"
     WHERE p."accountId" = $1 AND l."chargeId" IS NOT NULL AND l."entry" = 'CHARGE' ORDER BY l."at"`,
    [accountId],
  );
