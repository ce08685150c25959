import type { Answer } from '../system/client.ts';
import type { Person } from '../system/people.ts';
import type { Job, Scenario, Shot, Verdict } from './scenario.ts';

interface Edges<Node> {
  readonly edges: readonly { readonly node: Node }[];
}
interface Application {
  readonly id: string;
  readonly title: string;
  readonly amount: number;
  readonly status: string;
}
interface Payment {
  readonly reference: string;
  readonly amount: number;
  readonly status: string;
  readonly method: { readonly last4: string };
}
interface Delivery {
  readonly status: string;
  readonly title: string;
  readonly application: { readonly id: string };
}
interface Me {
  readonly id: string;
  readonly displayName: string;
  readonly textbookApplications: Edges<Application>;
  readonly payments: Edges<Payment>;
  readonly deliveries: Edges<Delivery>;
}
type DeepApplication = Application & {
  readonly payment: Omit<Payment, 'reference'> & { readonly reference: string };
  readonly delivery: Delivery;
};
interface DeepMe extends Pick<Me, 'id' | 'displayName'> {
  readonly textbookApplications: Edges<DeepApplication>;
}

/** accounts, applications, payments and deliveries: each asked for its part of the account. */
const PAGE = `query Page($first: Int!) { me {
  id displayName email
  textbookApplications(first: $first) { edges { node { id title quantity amount status appliedAt } } pageInfo { hasNextPage } }
  payments(first: $first) { edges { node { id reference amount status orderName method { kind last4 } } } }
  deliveries(first: $first) { edges { node { id status title startedAt application { id } } } }
} }`;

/** The same contexts, one after another: an account's applications, then the payment and the delivery of each. */
const DEEP_PAGE = `query DeepPage($first: Int!) { me {
  id displayName email
  textbookApplications(first: $first) { edges { node { id title quantity amount status appliedAt
    payment { id reference amount status method { kind last4 } } delivery { id status title application { id } } } } }
} }`;

const nodes = <Node>({ edges }: Edges<Node>): Node[] => edges.map(({ node }) => node);

function flawOfApplications(person: Person, shown: readonly Application[], first: number): string | undefined {
  const expected = person.applications.toReversed().slice(0, first);
  const same = expected.every(({ id, title, amount }, at) => {
    const one = shown[at];
    return one?.id === id && one.title === title && one.amount === amount && one.status === 'DELIVERING';
  });
  return same && shown.length === expected.length ? undefined : `other applications: ${JSON.stringify(shown)}`;
}

function flawOfPayment(person: Person, { reference, amount, status, method }: Payment): string | undefined {
  const paid = person.applications.find(({ id }) => id === reference);
  const right = paid?.amount === amount && status === 'APPROVED' && method.last4 === person.card;
  return right ? undefined : `another payment: ${JSON.stringify({ reference, amount, status, method })}`;
}

function flawOfDelivery(person: Person, { application, title, status }: Delivery): string | undefined {
  const sent = person.applications.find(({ id }) => id === application.id);
  return sent?.title === title && status === 'DELIVERING'
    ? undefined
    : `another delivery: ${JSON.stringify({ application, title, status })}`;
}

const firstFlaw = (flaws: readonly (string | undefined)[]): string | undefined => flaws.find((flaw) => flaw !== undefined);

function flawOfPage(person: Person, me: Me, first: number): string | undefined {
  const count = Math.min(first, person.applications.length);
  const payments = nodes(me.payments);
  const deliveries = nodes(me.deliveries);
  return firstFlaw([
    me.id === person.accountId && me.displayName === person.name ? undefined : `somebody else: ${me.id}`,
    flawOfApplications(person, nodes(me.textbookApplications), first),
    payments.length === count && deliveries.length === count ? undefined : `${payments.length} payments, ${deliveries.length} deliveries`,
    ...payments.map((payment) => flawOfPayment(person, payment)),
    ...deliveries.map((delivery) => flawOfDelivery(person, delivery)),
  ]);
}

function flawOfDeepPage(person: Person, me: DeepMe, first: number): string | undefined {
  const applications = nodes(me.textbookApplications);
  return firstFlaw([
    me.id === person.accountId && me.displayName === person.name ? undefined : `somebody else: ${me.id}`,
    flawOfApplications(person, applications, first),
    ...applications.map(({ id, payment, delivery }) =>
      payment?.reference === id && delivery?.application.id === id
        ? (flawOfPayment(person, payment) ?? flawOfDelivery(person, delivery))
        : `another application's payment or delivery: ${id}`,
    ),
  ]);
}

function pages<Shown>(query: string, flawOf: (person: Person, me: Shown, first: number) => string | undefined): Scenario {
  return ({ people }: Job) => {
    let turn = 0;
    return (): Shot => {
      const person = people[turn++ % people.length];
      if (!person) throw new Error('nobody asks');
      const first = 1 + Math.floor(Math.random() * person.applications.length);
      return {
        token: person.token,
        body: JSON.stringify({ query, variables: { first } }),
        judge(answer): Verdict {
          const { data, errors } = answer as Answer<{ me: Shown | null }>;
          if (!data?.me || errors) return { kind: 'refused', code: errors?.[0]?.extensions?.code ?? 'NO_DATA' };
          const why = flawOf(person, data.me, first);
          return why === undefined ? { kind: 'done' } : { kind: 'wrong', why };
        },
      };
    };
  };
}

/** Everybody's page, each time with another length. */
export const page = pages(PAGE, flawOfPage);
/** The same things, found by following references. */
export const deepPage = pages(DEEP_PAGE, flawOfDeepPage);
