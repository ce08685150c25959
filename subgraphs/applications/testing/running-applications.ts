import { type Actor, type User, user } from '@madang/kernel/domain';
import { quickBreaker } from '@madang/kernel/testing';
import { type RunningContextOptions, runningContext } from '@madang/kernel/testing/context';
import { uuidv7 } from 'uuidv7';
import { demoBooks } from '../seeds.ts';
import { applications } from '../subgraph.ts';
import { type Mood, standInPayments } from './stand-in-payments.ts';

export const manager = user('01900000-0000-7000-8000-000000000002', 'CUSTOMER', 'MANAGER');
export const admin = user('01900000-0000-7000-8000-000000000004', 'CUSTOMER', 'ADMIN');
export const address = {
  recipient: '김하늘',
  phone: '010-1234-5678',
  postalCode: '04524',
  line1: '서울특별시 중구 세종대로 110',
  line2: '3층',
};
const [book] = demoBooks;

/** An application as the tests read it. */
export interface Shown {
  readonly id: string;
  readonly status: string;
  readonly notice: string | null;
  readonly amount: number;
  readonly rejectedReason: string | null;
  readonly cancellationRejectedReason: string | null;
  readonly payment: { readonly id: string } | null;
  readonly delivery: { readonly id: string } | null;
}

export const APPLICATION = `{ id status notice title quantity amount address { recipient line2 } rejectedReason cancellationRejectedReason appliedAt updatedAt
  account { id } book { id price } payment { id } delivery { id } }`;

/** The context with books of its own; the test plays payments and deliveries. */
export async function runningApplications(options: Omit<RunningContextOptions, 'env'> = {}) {
  const payments = await standInPayments();
  const env = {
    PAYMENTS_URL: payments.url,
    ...quickBreaker('applications', 'payments'),
    SEED: 'demo',
  };
  const context = await runningContext(applications, { ...options, env });
  const { ask, rows, publish, watch, told } = context;
  const apply = (actor: Actor, input: object = {}) =>
    ask<Shown>(
      `mutation Apply($input: ApplyForTextbookInput!) { applyForTextbook(input: $input) ${APPLICATION} }`,
      { input: { bookId: book?.id, quantity: 2, address, ...input } },
      actor,
    );

  return {
    payments,
    ask,
    rows,
    publish,
    watch,
    bookId: book?.id ?? '',
    /** Another student. */
    student: (): User => user(uuidv7(), 'CUSTOMER'),

    apply,
    /** Another student's application, while payments say that to them. */
    async applied(mood: Mood) {
      const student = user(uuidv7(), 'CUSTOMER');
      payments.moods.set(student.accountId, mood);
      const { data } = await apply(student);
      return { student, data, id: data?.id ?? '' };
    },
    cancel: (applicationId: string, actor: Actor) =>
      ask<Shown>(
        `mutation Cancel($input: CancelTextbookApplicationInput!) { cancelTextbookApplication(input: $input) ${APPLICATION} }`,
        { input: { applicationId } },
        actor,
      ),
    application: (id: string, actor: Actor) =>
      ask<Shown>(`query ($id: ID!) { textbookApplication(id: $id) ${APPLICATION} }`, { id }, actor),

    /** What this context has published about an application, in order. */
    published: told,
    intents: (key: string) => rows<{ kind: string }>('SELECT kind FROM kernel.intent WHERE key = $1', key),

    async close() {
      await context.close();
      payments.close();
    },
  };
}

export type RunningApplications = Awaited<ReturnType<typeof runningApplications>>;
