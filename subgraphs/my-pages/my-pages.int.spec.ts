import { anonymous, user } from '@madang/kernel/domain';
import { eventually } from '@madang/kernel/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textbookApplicationsView } from './read-models/textbook-applications.ts';
import { type Happening, heard, retold, story } from './testing/happenings.ts';
import { type RunningMyPages, runningMyPages } from './testing/running-my-pages.ts';
import { TEXTBOOK_STORIES as STORIES } from './testing/stories/textbooks.ts';

let running: RunningMyPages;
beforeAll(async () => {
  running = await runningMyPages();
});
afterAll(() => running.close());

let numbers = 0;
const customer = () => user(`01900000-0000-7000-8000-${(++numbers).toString(16).padStart(12, '0')}`, 'CUSTOMER');
const manager = user('01900000-0000-7000-8000-0000000000fe', 'CUSTOMER', 'MANAGER');
/** The happenings, of an application (or method) and an account of their own. */
const of = (account: { accountId: string }, happenings: readonly Happening[]) => retold(happenings, ++numbers, account.accountId);
/** The data of one of the happenings. */
const told = (happenings: readonly Happening[], name: string) =>
  ({ ...happenings.find(({ definition }) => definition.eventName === name)?.data }) as Record<string, unknown>;
const idOf = (happenings: readonly Happening[]): string => String(told(happenings, 'TextbookApplied').applicationId);

const APPLICATION = `{ __typename id application { __typename id } account { id } bookTitle quantity amount status rejectionReason cancellationRejectedReason
  payment { __typename id } paymentStatus refunded delivery { __typename id } deliveryStatus appliedAt paidAt deliveredAt cancelledAt updatedAt }`;
const METHOD = '{ __typename id paymentMethod { __typename id } account { id } kind maskedNumber isDefault registeredAt updatedAt }';
const PAGE = `{ account { id } textbookApplications(first: $first, after: $after, status: $status) { edges { cursor node ${APPLICATION} } pageInfo { hasNextPage endCursor } }
  paymentMethods { edges { node ${METHOD} } } }`;
const ARGS = '($first: Int, $after: String, $status: MyPageTextbookStatus)';
const MY_PAGE = `query ${ARGS} { myPage ${PAGE} }`;
const ACCOUNT =
  'query ($id: ID!) { _entities(representations: [{ __typename: "Account", id: $id }]) { ... on Account { myPage { textbookApplications { edges { node { id } } } } } } }';
const OPERATIONS = `query ${ARGS} { operationsPage { textbookApplications(first: $first, after: $after, status: $status) { edges { node { id account { id } status } } } } }`;
const CHANGED = (after?: string) => `subscription { myPageChanged${after ? `(after: "${after}")` : ''} { view rowId status occurredAt cursor
  row { ... on MyPageTextbookApplication ${APPLICATION} ... on MyPagePaymentMethod ${METHOD} } page { account { id } textbookApplications { edges { node { id } } } } } }`;

const nodes = <T>({ edges }: { edges: { node: T }[] }): T[] => edges.map(({ node }) => node);
const applicationsOf = async (actor: ReturnType<typeof customer>, args: object = {}) =>
  nodes<{ id: string; status: string }>((await running.ask(MY_PAGE, args, actor)).data.myPage.textbookApplications);
const methodsOf = async (actor: ReturnType<typeof customer>) =>
  nodes<{ id: string; isDefault: boolean }>((await running.ask(MY_PAGE, {}, actor)).data.myPage.paymentMethods);

describe('the page of a customer', () => {
  it('shows a textbook application with its payment and its delivery', async () => {
    const me = customer();
    const happenings = of(me, STORIES['deferred, paid and cancelled on its way'] ?? []);
    for (const happening of happenings.toReversed()) if (happening.definition.context !== 'applications') await running.publish(happening);
    for (const happening of happenings) if (happening.definition.context === 'applications') await running.publish(happening);
    await eventually(async () =>
      expect(await applicationsOf(me)).toMatchObject([{ status: 'CANCELLED', paymentStatus: 'CANCELLED', deliveryStatus: 'CANCELLED' }]),
    );
    const [application] = await applicationsOf(me);
    const at = (name: string) => told(happenings, name);
    expect(application).toEqual({
      __typename: 'MyPageTextbookApplication',
      id: idOf(happenings),
      application: { __typename: 'TextbookApplication', id: idOf(happenings) },
      account: { id: me.accountId },
      bookTitle: '수학의 정석 기본편',
      quantity: 2,
      amount: 36_000,
      status: 'CANCELLED',
      rejectionReason: null,
      cancellationRejectedReason: null,
      payment: { __typename: 'Payment', id: at('PaymentApproved').paymentId },
      paymentStatus: 'CANCELLED',
      refunded: 36_000,
      delivery: { __typename: 'Delivery', id: at('DeliveryStarted').deliveryId },
      deliveryStatus: 'CANCELLED',
      appliedAt: at('TextbookApplied').at,
      paidAt: at('TextbookApplicationPaid').at,
      deliveredAt: null,
      cancelledAt: at('TextbookApplicationCancelled').at,
      updatedAt: happenings.at(-1)?.data.at,
    });
  });

  it('shows the payment methods that are registered, and which is the default', async () => {
    const me = customer();
    const first = of(
      me,
      story(['PaymentMethodRegistered', { isDefault: true }], ['PaymentMethodChanged', { change: 'DEFAULT', isDefault: false }]),
    );
    const second = of(
      me,
      story(
        ['PaymentMethodRegistered', { isDefault: false }],
        ['PaymentMethodChanged', { change: 'DEFAULT', isDefault: true }],
        'PaymentMethodRemoved',
      ),
    );
    for (const happening of [...first, ...second.slice(0, 2)]) await running.publish(happening);
    await eventually(async () => expect((await methodsOf(me)).map(({ isDefault }) => isDefault)).toEqual([true, false]));
    await running.publish(second[2] as Happening);
    await eventually(async () =>
      expect(await methodsOf(me)).toMatchObject([{ kind: 'CREDIT_CARD', maskedNumber: '****-****-****-4242', isDefault: false }]),
    );
  });

  it('does not show what was refused to the customer’s face', async () => {
    const me = customer();
    const refused = of(me, STORIES['refused to the customer’s face'] ?? []);
    const other = of(me, story('TextbookApplied'));
    for (const happening of [...refused, ...other]) await running.publish(happening);
    await eventually(async () =>
      expect((await running.told()).filter(({ rowId }) => rowId === idOf(refused)).at(-1)?.status).toBe('REMOVED'),
    );
    await eventually(async () => expect((await applicationsOf(me)).map(({ id }) => id)).toEqual([idOf(other)]));
  });

  it('comes in pages, and in one status when asked', async () => {
    const me = customer();
    const all = [
      story('TextbookApplied'),
      story('TextbookApplied', 'TextbookApplicationPaid'),
      story('TextbookApplied'),
      story('TextbookApplied'),
    ].map((happenings) => of(me, happenings));
    for (const happening of all.flat()) await running.publish(happening);
    await eventually(async () => expect(await applicationsOf(me, { status: 'PAID' })).toHaveLength(1));
    await eventually(async () => expect(await applicationsOf(me)).toHaveLength(4));
    const ids = all.map(idOf).toReversed();
    const { data } = await running.ask(MY_PAGE, { first: 3 }, me);
    const page = data.myPage.textbookApplications;
    expect(nodes<{ id: string }>(page).map(({ id }) => id)).toEqual(ids.slice(0, 3));
    expect(page.pageInfo.hasNextPage).toBe(true);
    expect((await applicationsOf(me, { first: 3, after: page.pageInfo.endCursor })).map(({ id }) => id)).toEqual(ids.slice(3));
    expect((await running.ask(MY_PAGE, { first: 0 }, me)).refusal).toMatchObject({ code: 'BAD_INPUT', field: 'first' });
    expect((await running.ask(MY_PAGE, { after: 'x' }, me)).refusal).toMatchObject({ code: 'BAD_INPUT', field: 'after' });
  });

  it('is there for the customer and for staff, for nobody else', async () => {
    const me = customer();
    await running.publish(of(me, story('TextbookApplied'))[0] as Happening);
    await eventually(async () => expect(await applicationsOf(me)).toHaveLength(1));
    const seen = async (actor: Parameters<typeof running.ask>[2]) =>
      (await running.ask(ACCOUNT, { id: me.accountId }, actor)).data._entities[0].myPage;
    expect(nodes((await seen(me)).textbookApplications)).toHaveLength(1);
    expect(nodes((await seen(manager)).textbookApplications)).toHaveLength(1);
    for (const actor of [customer(), anonymous]) expect(await seen(actor)).toBeNull();
    expect((await running.ask(MY_PAGE)).refusal?.code).toBe('UNAUTHENTICATED');
  });
});

describe('the page of operations', () => {
  it('shows everybody’s, to MANAGER and ADMIN', async () => {
    const [one, two] = [
      of(customer(), story('TextbookApplied', 'PaymentDeclined', 'TextbookApplicationRejected')),
      of(customer(), story('TextbookApplied')),
    ];
    for (const happening of [...one, ...two]) await running.publish(happening);
    const seen = async (args: object) =>
      nodes<{ id: string }>((await running.ask(OPERATIONS, args, manager)).data.operationsPage.textbookApplications).map(({ id }) => id);
    await eventually(async () => expect(await seen({ first: 2 })).toEqual([idOf(two), idOf(one)]));
    await eventually(async () => expect(await seen({ first: 1, status: 'REJECTED' })).toEqual([idOf(one)]));
    const refusals = await Promise.all(
      [customer(), anonymous].map(async (actor) => (await running.ask(OPERATIONS, {}, actor)).refusal?.code),
    );
    expect(refusals).toEqual(['FORBIDDEN', 'UNAUTHENTICATED']);
  });
});

describe('many events of three streams at once', () => {
  it('come to the rows that they tell of, however often they are delivered and by however many they are handled', async () => {
    await running.replica();
    const me = customer();
    const all = Object.values(STORIES).flatMap((happenings) => Array.from({ length: 10 }, () => of(me, happenings)));
    await running.publishAll(all.flat(), 2);
    const expected = all.map((happenings) => heard(textbookApplicationsView, happenings).row);
    const rows = () => running.rowsOf(textbookApplicationsView, all.map(idOf));
    await eventually(async () => expect(await rows()).toEqual(expected), { withinMs: 20_000, everyMs: 100 });
    const last = new Map((await running.told()).map(({ rowId, status }) => [rowId, status]));
    for (const happenings of all)
      expect(last.get(idOf(happenings)) ?? 'REMOVED').toBe(heard(textbookApplicationsView, happenings).told.at(-1)?.status);
  });
});

describe('myPageChanged', () => {
  type Change = { view: string; rowId: string; status: string; cursor: string; row: unknown };

  it('pushes the rows of one’s own page, and first what was missed', async () => {
    const me = customer();
    const live = await running.watch<Change>(CHANGED(), me);
    // Nobody tells a client when it is watched: something happens until it hears.
    await eventually(async () => {
      if (live.seen.length === 0) await running.publish(of(me, story('PaymentMethodRegistered'))[0] as Happening);
      return live.seen.length > 0;
    });
    const [first] = live.seen;
    expect(first).toMatchObject({
      view: 'PAYMENT_METHOD',
      status: 'REGISTERED',
      row: { __typename: 'MyPagePaymentMethod', kind: 'CREDIT_CARD', account: { id: me.accountId } },
      page: { account: { id: me.accountId } },
    });
    await live.stop();

    const refused = of(me, STORIES['refused to the customer’s face'] ?? []);
    const others = of(customer(), story('TextbookApplied'));
    const applied = of(me, story('TextbookApplied', 'PaymentApproved', 'TextbookApplicationPaid'));
    for (const happening of [...refused, ...others, ...applied]) await running.publish(happening);
    await eventually(async () => expect(await applicationsOf(me, { status: 'PAID' })).toHaveLength(1));
    await eventually(async () => expect((await applicationsOf(me)).map(({ id }) => id)).toEqual([idOf(applied)]));
    const again = await running.watch<Change>(CHANGED(first?.cursor), me);
    const textbooks = () => again.seen.filter(({ view }) => view === 'TEXTBOOK_APPLICATION');
    await eventually(() => ['REMOVED', 'PAID'].every((status) => textbooks().some((change) => change.status === status)));
    const seen = textbooks();
    await again.stop();
    const statuses = (happenings: readonly Happening[]) =>
      seen.filter(({ rowId }) => rowId === idOf(happenings)).map(({ status }) => status);
    expect(statuses(refused)).toEqual(['APPLIED', 'REMOVED']);
    expect(statuses(applied).at(-1)).toBe('PAID');
    expect(seen.find(({ rowId }) => rowId === idOf(refused))?.row).toBeNull();
    expect(seen.find(({ status }) => status === 'PAID')).toMatchObject({ row: { status: 'PAID', bookTitle: '수학의 정석 기본편' } });
    expect(seen.some(({ rowId }) => rowId === idOf(others))).toBe(false);
  });

  it('is for those who have signed in', async () => {
    expect(await (await running.watch(CHANGED(), anonymous)).ended).toBe('UNAUTHENTICATED');
  });
});
