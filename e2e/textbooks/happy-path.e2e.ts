import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anonymous, CARD, demo, newCustomer, type Person } from '../harness/people.ts';
import { PATIENT_EDGES, type System, startSystem } from '../harness/system.ts';
import {
  ADDRESS,
  APPLICATION,
  type Application,
  type ApplicationChange,
  apply,
  BOOK,
  becomes,
  cancel,
  complete,
  orderOf,
  PAID,
  READ,
  read,
  refusalToApply,
  statusOf,
  WATCH,
  watchApplications,
} from '../harness/textbooks.ts';
import { eventually } from '../harness/until.ts';

let system: System;
let manager: Person;

beforeAll(async () => {
  system = await startSystem({ env: PATIENT_EDGES });
  manager = await demo(system, 'manager');
});
afterAll(() => system?.stop());

const deliveryOf = async (person: Person, id: string) => (await becomes(person, id, 'DELIVERING')).delivery?.id as string;
const rowsOf = (context: 'applications' | 'payments' | 'deliveries', table: string, { accountId }: Person) =>
  system.databases.count(context, `SELECT count(*) FROM "${table}" WHERE "accountId" = $1`, [accountId]);

async function onPageOf(student: Person): Promise<object[]> {
  const { myPage } = await student.data<{ myPage: { textbookApplications: { edges: { node: object }[] } } }>(
    '{ myPage { textbookApplications { edges { node { id status } } } } }',
  );
  return myPage.textbookApplications.edges.map(({ node }) => node);
}

describe.concurrent('a student who applies for a textbook', () => {
  test('sees it applied for, paid, on its way and delivered, each status pushed with what three other contexts know of it', async () => {
    const student = await newCustomer(system);
    const changes = await student.watch<ApplicationChange & { application: Application & { account: { displayName: string } } }>(
      'applications',
      `subscription { applicationStatusChanged { status occurredAt cursor application { ${APPLICATION} account { displayName } } } }`,
    );
    const applied = await apply(student, { quantity: 2 });
    expect(PAID).toContain(applied.status);
    expect(applied).toMatchObject({ title: BOOK.title, quantity: 2, amount: 2 * BOOK.price, notice: null });

    await changes.are(statusOf, ['APPLIED', 'PAID', 'DELIVERING']);
    await complete(manager, await deliveryOf(student, applied.id));
    await changes.are(statusOf, ['APPLIED', 'PAID', 'DELIVERING', 'DELIVERED']);

    const paid = { status: 'APPROVED', amount: 2 * BOOK.price, refunded: 0 };
    const [, second, third, last] = changes.all.map(({ application }) => application);
    expect(second).toMatchObject({ id: applied.id, payment: paid, account: { displayName: '김이투' } });
    expect(third).toMatchObject({ payment: paid, delivery: { title: BOOK.title } });
    expect(last).toMatchObject({
      status: 'DELIVERED',
      payment: paid,
      delivery: { status: 'DELIVERED' },
      account: { displayName: '김이투' },
    });
  });

  test('finds each new price in the catalogue as soon as it is there, and is charged and told that one', async () => {
    const [student, admin] = [await newCustomer(system), await demo(system, 'admin')];
    const changes = await watchApplications(student);
    const input = { isbn: '9788900000016', title: '확률과 통계', author: '박확률', publisher: '마당' };
    const register = async (price: number) =>
      (
        await admin.data<{ registerBook: { id: string } }>('mutation ($input: RegisterBookInput!) { registerBook(input: $input) { id } }', {
          input: { ...input, price },
        })
      ).registerBook.id;
    const catalogue = async (bookId: string) => {
      const { book, books } = await anonymous(system).data<{
        book: { price: number };
        books: { edges: { node: { id: string; price: number } }[] };
      }>('query ($id: ID!) { book(id: $id) { price } books(first: 100) { edges { node { id price } } } }', { id: bookId });
      return [book.price, books.edges.find(({ node }) => node.id === bookId)?.node.price];
    };
    for (const price of [21_000, 22_000, 23_000]) {
      const bookId = await register(price);
      // Twice: the second answer may be one that was kept.
      for (const _ of [1, 2]) expect(await catalogue(bookId)).toEqual([price, price]);
      const { id } = await apply(student, { bookId });
      await eventually(() => changes.all.some(({ status, application }) => status === 'PAID' && application?.id === id));
      const { status, amount } = await read(student, id);
      expect([PAID.includes(status), amount]).toEqual([true, price]);
    }
  });

  test('cancels, and sees payment and delivery cancelled together', async () => {
    const student = await newCustomer(system);
    const changes = await watchApplications(student);
    const cancelled = await student.watch<{ status: string; delivery: { id: string; account: { displayName: string } } }>(
      'deliveries',
      'subscription { deliveryCancelled { status delivery { id status account { displayName } } } }',
    );
    const { id } = await apply(student);
    const delivery = await deliveryOf(student, id);
    expect(await cancel(student, id)).toMatchObject({ status: 'CANCELLING' });

    await changes.are(statusOf, ['APPLIED', 'PAID', 'DELIVERING', 'CANCELLING', 'CANCELLED']);
    await cancelled.are(({ status, delivery: { id: of } }) => [status, of], [['CANCELLED', delivery]]);
    expect(await read(student, id)).toMatchObject({
      status: 'CANCELLED',
      payment: { status: 'CANCELLED', amount: BOOK.price, refunded: BOOK.price },
      delivery: { id: delivery, status: 'CANCELLED' },
    });
    expect(await cancel(student, id)).toMatchObject({ status: 'CANCELLED' });
  });

  test('has everything on one page, in one query', async () => {
    const student = await newCustomer(system);
    const { id } = await apply(student);
    await becomes(student, id, 'DELIVERING');
    const page = await eventually(async () => {
      const { me } = await student.data<{
        me: Record<string, { edges: { node: Record<string, unknown> }[] }> & Record<string, unknown>;
      }>(`{ me {
        id displayName email roles
        textbookApplications { edges { node { id status book { title } payment { status } delivery { status } } } }
        payments { edges { node { status amount orderName method { last4 } } } }
        deliveries { edges { node { status title application { id } } } }
        paymentMethods { edges { node { kind maskedNumber isDefault } } }
        messages { edges { node { template title body } } }
        myPage { textbookApplications { edges { node { id bookTitle status paymentStatus deliveryStatus payment { amount } } } }
          paymentMethods { edges { node { maskedNumber isDefault } } } }
      } }`);
      const { myPage } = me as unknown as { myPage: { textbookApplications: { edges: { node: object }[] } } };
      expect(myPage.textbookApplications.edges.map(({ node }) => node)).toEqual([
        {
          id,
          bookTitle: BOOK.title,
          status: 'DELIVERING',
          paymentStatus: 'APPROVED',
          deliveryStatus: 'DELIVERING',
          payment: { amount: BOOK.price },
        },
      ]);
      expect(me.messages?.edges.map(({ node }) => node.template).toSorted()).toEqual([
        'PAYMENT_APPROVED',
        'PAYMENT_METHOD_REGISTERED',
        'TEXTBOOK_DELIVERY_STARTED',
      ]);
      return me;
    });
    const nodes = (list: string) => page[list as 'payments']?.edges.map(({ node }) => node);
    expect(page).toMatchObject({ id: student.accountId, displayName: '김이투', roles: ['CUSTOMER'] });
    expect(nodes('textbookApplications')).toEqual([
      { id, status: 'DELIVERING', book: { title: BOOK.title }, payment: { status: 'APPROVED' }, delivery: { status: 'DELIVERING' } },
    ]);
    expect(nodes('payments')).toMatchObject([{ status: 'APPROVED', amount: BOOK.price, orderName: BOOK.title, method: { last4: '4242' } }]);
    expect(nodes('deliveries')).toEqual([{ status: 'DELIVERING', title: BOOK.title, application: { id } }]);
    expect(nodes('paymentMethods')).toEqual([{ kind: 'CREDIT_CARD', maskedNumber: '****-****-****-4242', isDefault: true }]);
  });

  test('who sends the same request twice pays once', async () => {
    const student = await newCustomer(system);
    const order = orderOf();
    const [one, other] = await Promise.all([apply(student, order), apply(student, order)]);
    const later = await apply(student, order);
    expect([other.id, later.id]).toEqual([one.id, one.id]);
    expect(later.status).not.toBe('APPLIED');
    await becomes(student, one.id, 'DELIVERING');
    expect(await refusalToApply(student, { ...order, quantity: 3 })).toMatchObject({ extensions: { code: 'IDEMPOTENCY_CONFLICT' } });
    expect(await rowsOf('applications', 'TextbookApplication', student)).toBe(1);
    expect(await rowsOf('payments', 'Payment', student)).toBe(1);
    expect(await rowsOf('deliveries', 'Delivery', student)).toBe(1);
  });

  test('without a payment method is refused, and nothing is there that would be theirs', async () => {
    const student = await newCustomer(system, { card: null });
    const changes = await watchApplications(student);
    const order = orderOf();
    expect(await refusalToApply(student, order)).toMatchObject({ extensions: { code: 'PAYMENT_METHOD_REQUIRED' } });
    const { me } = await student.data<{ me: object }>(
      '{ me { textbookApplications { edges { node { id } } } payments { edges { node { id } } } deliveries { edges { node { id } } } } }',
    );
    expect(me).toEqual({ textbookApplications: { edges: [] }, payments: { edges: [] }, deliveries: { edges: [] } });
    expect(await rowsOf('payments', 'Payment', student)).toBe(0);
    await student.registerCard(CARD.good);
    const applied = await apply(student, order);
    expect(PAID).toContain(applied.status);
    await eventually(() => changes.all.some(({ status }) => status === 'DELIVERING'));
    expect(changes.all.map(statusOf)).not.toContain('REJECTED');
    // The view hears of the one that is refused, too, and forgets it: it is told all in order, and has the second one last.
    await eventually(async () => expect(await onPageOf(student)).toEqual([{ id: applied.id, status: 'DELIVERING' }]));
  });

  test('whose card is declined is told so, and nothing is delivered', async () => {
    const student = await newCustomer(system, { card: CARD.declined });
    const changes = await watchApplications(student);
    const { id, ...rejected } = await apply(student);
    expect(rejected).toMatchObject({ status: 'REJECTED', rejectedReason: 'INSUFFICIENT_FUNDS' });
    await changes.are(statusOf, ['APPLIED', 'REJECTED']);
    expect(
      await student.refusal('mutation($id: ID!) { cancelTextbookApplication(input: { applicationId: $id }) { id } }', { id }),
    ).toMatchObject({
      extensions: { code: 'NOT_CANCELLABLE' },
    });
    expect(await rowsOf('deliveries', 'Delivery', student)).toBe(0);
  });

  test('who cancels what has been delivered is told that it is too late: the payment stands', async () => {
    const student = await newCustomer(system);
    const changes = await watchApplications(student);
    const { id } = await apply(student);
    await complete(manager, await deliveryOf(student, id));
    await becomes(student, id, 'DELIVERED');
    expect(await cancel(student, id)).toMatchObject({ status: 'DELIVERED', cancellationRejectedReason: 'ALREADY_DELIVERED' });
    // The rejection of the cancellation is a change, too: back to DELIVERED.
    await changes.are(statusOf, ['APPLIED', 'PAID', 'DELIVERING', 'DELIVERED', 'DELIVERED']);
    const told = () =>
      system.databases.count(
        'notifications',
        `SELECT count(*) FROM "Message" WHERE "accountId" = $1 AND "template" = 'TEXTBOOK_CANCELLATION_REJECTED'`,
        [student.accountId],
      );
    await eventually(async () => (await told()) === 1);
    expect(await read(student, id)).toMatchObject({
      status: 'DELIVERED',
      payment: { status: 'APPROVED', refunded: 0 },
      delivery: { status: 'DELIVERED' },
    });
  });

  test('does not get at anybody else’s application, by query, mutation or subscription', async () => {
    const [owner, stranger] = await Promise.all([newCustomer(system), newCustomer(system)]);
    const { id } = await apply(owner);
    const delivery = await deliveryOf(owner, id);
    const paymentId = (await read(owner, id)).payment?.id;
    const NOT_FOUND = { extensions: { code: 'NOT_FOUND' } };
    const nobody = anonymous(system);

    expect(await stranger.refusal(READ, { id })).toMatchObject(NOT_FOUND);
    expect(await stranger.refusal('query($id: ID!) { delivery(id: $id) { status } }', { id: delivery })).toMatchObject(NOT_FOUND);
    expect(await stranger.refusal('query($id: ID!) { payment(id: $id) { status } }', { id: paymentId })).toMatchObject(NOT_FOUND);
    expect(
      await stranger.refusal('mutation($id: ID!) { cancelTextbookApplication(input: { applicationId: $id }) { id } }', { id }),
    ).toMatchObject(NOT_FOUND);
    expect(await stranger.tryToWatch(WATCH, { id }).refusal()).toMatchObject(NOT_FOUND);
    const DELIVERY = 'subscription($id: ID) { deliveryStatusChanged(deliveryId: $id) { status } }';
    expect(await stranger.tryToWatch(DELIVERY, { id: delivery }).refusal()).toMatchObject(NOT_FOUND);
    const PAYMENT = 'subscription($id: ID) { paymentStatusChanged(paymentId: $id) { status } }';
    expect(await stranger.tryToWatch(PAYMENT, { id: paymentId }).refusal()).toMatchObject(NOT_FOUND);
    const CANCELLED = 'subscription($id: ID) { deliveryCancelled(applicationId: $id) { status } }';
    expect(await stranger.tryToWatch(CANCELLED, { id }).refusal()).toMatchObject(NOT_FOUND);

    expect(await nobody.refusal(READ, { id })).toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
    expect(await (await demo(system, 'trainer')).refusal(READ, { id })).toMatchObject(NOT_FOUND);
    expect(await read(manager, id)).toMatchObject({ id });
  });

  test('hears nothing of what others do', async () => {
    const [owner, stranger] = await Promise.all([newCustomer(system), newCustomer(system)]);
    const heard = await watchApplications(stranger);
    const { id } = await apply(owner);
    await becomes(owner, id, 'DELIVERING');
    const own = await apply(stranger);
    await heard.are(
      ({ status, application }) => [status, application?.id],
      [
        ['APPLIED', own.id],
        ['PAID', own.id],
        ['DELIVERING', own.id],
      ],
    );
  });

  test('who was away during changes gets them with `after`, each once and in order', async () => {
    const student = await newCustomer(system);
    const before = await watchApplications(student);
    const { id } = await apply(student);
    const { cursor } = await before.one(({ status }) => status === 'PAID');
    await before.leave();

    await complete(manager, await deliveryOf(student, id));
    await becomes(student, id, 'DELIVERED');
    const later = await watchApplications(student, { after: cursor });
    await later.are(statusOf, ['DELIVERING', 'DELIVERED']);
    const next = await apply(student);
    await later.are(
      ({ status, application }) => [status, application?.id],
      [
        ['DELIVERING', id],
        ['DELIVERED', id],
        ['APPLIED', next.id],
        ['PAID', next.id],
        ['DELIVERING', next.id],
      ],
    );
    expect(await student.tryToWatch(WATCH, { after: 'no cursor' }).refusal()).toMatchObject({
      extensions: { code: 'BAD_INPUT', field: 'after' },
    });
  });

  test('has the price of the day frozen in the application, and the address as it was given', async () => {
    const student = await newCustomer(system);
    const { id } = await apply(student, { address: { ...ADDRESS, line2: '1층' } });
    const QUERY = 'query($id: ID!) { textbookApplication(id: $id) { amount address { recipient phone postalCode line1 line2 } } }';
    expect(await student.data(QUERY, { id })).toEqual({
      textbookApplication: { amount: BOOK.price, address: { ...ADDRESS, line2: '1층' } },
    });
  });
});
