import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { type Answer, patiently } from './client.ts';
import type { Person } from './people.ts';
import type { Events } from './subscription.ts';
import { eventually } from './until.ts';

export type ApplicationStatus =
  | 'APPLIED'
  | 'PAYMENT_DEFERRED'
  | 'PAID'
  | 'DELIVERING'
  | 'DELIVERED'
  | 'CANCELLING'
  | 'CANCELLED'
  | 'REJECTED'
  | 'EXPIRED';

export interface Application {
  readonly id: string;
  readonly status: ApplicationStatus;
  readonly title: string;
  readonly quantity: number;
  readonly amount: number;
  readonly notice: string | null;
  readonly rejectedReason: string | null;
  readonly cancellationRejectedReason: string | null;
  readonly payment: { readonly id: string; readonly status: string; readonly amount: number; readonly refunded: number } | null;
  readonly delivery: { readonly id: string; readonly status: string; readonly title: string | null } | null;
}

export interface ApplicationChange {
  readonly status: ApplicationStatus;
  readonly cursor: string;
  readonly application: Application | null;
}

/** A book of the demo's catalogue. */
export const BOOK = { id: '01900000-0000-7000-8000-0000000b0001', title: '수학의 기초', price: 18_000 };

export const ADDRESS = { recipient: '김이투', phone: '010-1234-5678', postalCode: '04524', line1: '서울특별시 중구 세종대로 110' };

/** What applications say of themselves; it needs no other context. */
const OWN = 'id status title quantity amount notice rejectedReason cancellationRejectedReason';
/** With what payments and deliveries say of it. */
export const APPLICATION = `${OWN} payment { id status amount refunded } delivery { id status title }`;

const APPLY = `mutation Apply($input: ApplyForTextbookInput!) { applyForTextbook(input: $input) { ${OWN} } }`;
const CANCEL = `mutation Cancel($input: CancelTextbookApplicationInput!) { cancelTextbookApplication(input: $input) { ${OWN} } }`;
const COMPLETE = 'mutation Complete($input: CompleteDeliveryInput!) { completeDelivery(input: $input) { id status } }';
export const READ = `query Application($id: ID!) { textbookApplication(id: $id) { ${APPLICATION} } }`;
export const WATCH = `subscription Changes($id: ID, $after: String) {
  applicationStatusChanged(applicationId: $id, after: $after) { status occurredAt cursor application { ${APPLICATION} } }
}`;

type Applied = Omit<Application, 'payment' | 'delivery'>;

export const orderOf = (more: object = {}) => ({ bookId: BOOK.id, quantity: 1, address: ADDRESS, idempotencyKey: randomUUID(), ...more });

export const tryToApply = (person: Person, more: object = {}): Promise<Answer<{ applyForTextbook: Applied }>> =>
  person.ask(APPLY, { input: orderOf(more) });

export async function apply(person: Person, more: object = {}): Promise<Applied> {
  return (await person.data<{ applyForTextbook: Applied }>(APPLY, { input: orderOf(more) })).applyForTextbook;
}

/** Applies as a good client does while something is out: again, with the same key, until there is an answer. */
export async function applyPatiently(person: Person, more: object = {}) {
  const input = orderOf(more);
  const { data, ...how } = await patiently(() => person.ask<{ applyForTextbook: Applied }>(APPLY, { input }));
  return { ...how, application: data.applyForTextbook };
}

export const refusalToApply = (person: Person, more: object = {}) => person.refusal(APPLY, { input: orderOf(more) });

export async function cancel(person: Person, applicationId: string): Promise<Applied> {
  return (await person.data<{ cancelTextbookApplication: Applied }>(CANCEL, { input: { applicationId } })).cancelTextbookApplication;
}

export const cancelPatiently = (person: Person, applicationId: string) => patiently(() => person.ask(CANCEL, { input: { applicationId } }));

export const complete = (manager: Person, deliveryId: string) =>
  manager.data<{ completeDelivery: { id: string; status: string } }>(COMPLETE, { input: { deliveryId } });

export async function read(person: Person, id: string): Promise<Application> {
  return (await person.data<{ textbookApplication: Application }>(READ, { id })).textbookApplication;
}

/** Waits until the application is in that status, as its owner sees it. */
export async function becomes(person: Person, id: string, status: ApplicationStatus, withinMs = 15_000): Promise<Application> {
  return eventually(
    async () => {
      const application = await read(person, id);
      expect(application.status).toBe(status);
      return application;
    },
    { withinMs, everyMs: 50 },
  );
}

/** The statuses that somebody's applications come to, from now on. */
export const watchApplications = (person: Person, variables: { id?: string; after?: string } = {}): Promise<Events<ApplicationChange>> =>
  person.watch<ApplicationChange>('applications', WATCH, variables);

/** Paid: the delivery may have started by the time of the answer. */
export const PAID: readonly ApplicationStatus[] = ['PAID', 'DELIVERING'];

export const statusOf = ({ status }: { status: string }) => status;
