import { Client } from './client.ts';
import type { System } from './system.ts';
import { APPLY, type Applied, type Book, cardNumber, flawOf, isPaid, newOrder } from './textbooks.ts';
import { sideBySide, until } from './until.ts';

/** A signed-in customer with a payment method. Plain data: it goes to the load generator. */
export interface Person {
  readonly accountId: string;
  readonly name: string;
  readonly token: string;
  readonly card: string;
  /** What they have applied for so far, all of it paid and on its way. */
  readonly applications: readonly Kept[];
}

export interface Kept {
  readonly id: string;
  readonly title: string;
  readonly amount: number;
}

interface Session {
  readonly accessToken: string;
  readonly account: { readonly id: string };
}

const SIGN_UP = 'mutation SignUp($input: SignUpInput!) { signUp(input: $input) { accessToken account { id } } }';
const SIGN_IN = 'mutation SignIn($input: SignInInput!) { signIn(input: $input) { accessToken account { id } } }';
const REGISTER =
  'mutation Register($input: RegisterPaymentMethodInput!) { registerPaymentMethod(input: $input) { id maskedNumber isDefault } }';
const BOOKS = 'query Books { books(first: 100) { edges { node { id title price } } } }';

/** Each has so many applications, a page full. */
export const APPLICATIONS_EACH = 5;
const AT_ONCE = 8;

/** The catalogue. */
export async function booksOf({ url }: Pick<System, 'url'>): Promise<Book[]> {
  const client = new Client(url, 1);
  const { books } = await client.data<{ books: { edges: { node: Book }[] } }>(BOOKS).finally(() => client.close());
  return books.edges.map(({ node }) => node);
}

/** Signs `count` customers up, who register a card and apply; resolves when all they applied for is on its way. */
export async function newPeople(system: System, count: number, applicationsEach = APPLICATIONS_EACH): Promise<Person[]> {
  const client = new Client(system.url, AT_ONCE);
  try {
    const books = await booksOf(system);
    const numbers = Array.from({ length: count }, (_, index) => index + 1);
    const people = await sideBySide(numbers, AT_ONCE, (number) => newPerson(client, books, number, applicationsEach));
    await untilOnTheirWay(system, people);
    return people;
  } finally {
    await client.close();
  }
}

async function newPerson(client: Client, books: readonly Book[], number: number, applicationsEach: number): Promise<Person> {
  const name = `손님 ${number}`;
  const credentials = { email: `bench-${crypto.randomUUID()}@madang.example`, password: 'bench-password-1', displayName: name };
  const { signUp } = await client.data<{ signUp: Session }>(SIGN_UP, { input: credentials });
  const { accessToken: token, account } = signUp;
  const card = cardNumber();
  await client.data(REGISTER, { input: { kind: 'CREDIT_CARD', number: card, idempotencyKey: crypto.randomUUID() } }, token);
  const applications: Kept[] = [];
  while (applications.length < applicationsEach) {
    const ordered = newOrder(books);
    const { applyForTextbook } = await client.data<{ applyForTextbook: Applied }>(APPLY, { input: ordered.order }, token);
    const { id, title, amount, status } = applyForTextbook;
    const flaw = flawOf(applyForTextbook, ordered);
    if (flaw || !(isPaid(applyForTextbook) || status === 'PAYMENT_DEFERRED'))
      throw new Error(`an application while setting up: ${flaw ?? status}`);
    applications.push({ id, title, amount });
  }
  return { accountId: account.id, name, token, card: card.slice(-4), applications };
}

async function untilOnTheirWay({ databases }: System, people: readonly Person[]): Promise<void> {
  const ids = people.flatMap(({ applications }) => applications.map(({ id }) => id));
  const sql = `SELECT count(*) FROM "TextbookApplication" WHERE "id" = ANY($1::uuid[]) AND "status" = 'DELIVERING'`;
  await until(
    'the first applications are on their way',
    async () => (await databases.count('applications', sql, [ids])) === ids.length || undefined,
    {
      withinMs: 60_000,
    },
  );
}

/** The demo's manager or admin, signed in. */
export async function staff({ url }: Pick<System, 'url'>, who: 'manager' | 'admin'): Promise<{ token: string }> {
  const client = new Client(url, 1);
  const input = { email: `${who}@madang.example`, password: 'madang-demo-1' };
  const { signIn } = await client.data<{ signIn: Session }>(SIGN_IN, { input }).finally(() => client.close());
  return { token: signIn.accessToken };
}
