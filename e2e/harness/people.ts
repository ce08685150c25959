import { randomUUID } from 'node:crypto';
import { Client } from './client.ts';
import { Events } from './subscription.ts';
import type { System } from './system.ts';
import { eventually } from './until.ts';

/** Test numbers of the sandbox processor. */
export const CARD = { good: '4242424242424242', declined: '4000000000000002' } as const;

const SESSION = 'accessToken account { id }';
const SIGN_UP = `mutation SignUp($input: SignUpInput!) { signUp(input: $input) { ${SESSION} } }`;
const SIGN_IN = `mutation SignIn($input: SignInInput!) { signIn(input: $input) { ${SESSION} } }`;
const REGISTER_PAYMENT_METHOD = `mutation RegisterPaymentMethod($input: RegisterPaymentMethodInput!) {
  registerPaymentMethod(input: $input) { id isDefault }
}`;

interface Session {
  readonly accessToken: string;
  readonly account: { readonly id: string };
}

/** Somebody with an account, signed in. */
export class Person extends Client {
  readonly system: System;
  readonly accountId: string;

  constructor(system: System, { accessToken, account }: Session) {
    super(system.url, accessToken);
    this.system = system;
    this.accountId = account.id;
  }

  /** Registers a payment method, which becomes the default if it is the first. */
  async registerCard(number: string): Promise<string> {
    const input = { kind: 'CREDIT_CARD', number };
    const { registerPaymentMethod } = await this.data<{ registerPaymentMethod: { id: string } }>(REGISTER_PAYMENT_METHOD, { input });
    return registerPaymentMethod.id;
  }

  /** Subscribes, and resolves when the subscription has begun: from then on nothing is missed. `context` is whose events they are. */
  async watch<Event>(context: string, query: string, variables: Record<string, unknown> = {}): Promise<Events<Event>> {
    return inTurn(this.system, async () => {
      const begun = await subscriptionsBegun(this.system, context);
      const events = new Events<Event>({ url: this.url, token: this.token, query, variables });
      await eventually(async () => (await subscriptionsBegun(this.system, context)) > begun || events.ended);
      return events;
    });
  }

  /** Subscribes without waiting for it to begin: for what must be refused, and for going on after a cursor. */
  tryToWatch<Event>(query: string, variables: Record<string, unknown> = {}): Events<Event> {
    return new Events<Event>({ url: this.url, token: this.token, query, variables });
  }
}

const subscriptionsBegun = (system: System, context: string) =>
  system.metrics.sum(context, 'madang_graphql_seconds_count', { type: 'subscription', outcome: 'ok' });

const turns = new WeakMap<System, Promise<unknown>>();

/** One subscription begins after the other, so that each can be told from the next in the metric. */
function inTurn<Result>(system: System, task: () => Promise<Result>): Promise<Result> {
  const turn = (turns.get(system) ?? Promise.resolve()).then(task, task);
  turns.set(system, turn);
  return turn;
}

/** Nobody in particular. */
export const anonymous = (system: System): Client => new Client(system.url);

/** A fresh account that can pay; `card` null: one without a payment method. */
export async function newCustomer(system: System, { card = CARD.good as string | null } = {}): Promise<Person> {
  const input = { email: `e2e-${randomUUID()}@madang.example`, password: 'e2e-password-1', displayName: '김이투' };
  const { signUp } = await anonymous(system).data<{ signUp: Session }>(SIGN_UP, { input });
  const person = new Person(system, signUp);
  if (card !== null) await person.registerCard(card);
  return person;
}

/** One of the demo's accounts. */
export async function demo(system: System, name: 'customer' | 'manager' | 'trainer' | 'admin'): Promise<Person> {
  const input = { email: `${name}@madang.example`, password: 'madang-demo-1' };
  const { signIn } = await anonymous(system).data<{ signIn: Session }>(SIGN_IN, { input });
  return new Person(system, signIn);
}
