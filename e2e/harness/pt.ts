import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { patiently } from './client.ts';
import { anonymous, Person } from './people.ts';
import type { Events } from './subscription.ts';
import type { System } from './system.ts';
import { eventually } from './until.ts';

export type PtOrderStatus = 'ORDERED' | 'ACCEPTED' | 'CONFIRMED' | 'COMPLETED' | 'CANCELLING' | 'CANCELLED';
export type AssignmentStatus = 'ORDER_ACCEPTED' | 'TRAINER_ASSIGNED' | 'ORDER_CONFIRMED' | 'ORDER_CANCEL_ACCEPTED' | 'CANCELLED';
export type ScheduleStatus = 'REQUESTED' | 'CONFIRMED' | 'RESULT_POSTED' | 'CANCELLED';

/** An order, as pt-orders alone tell of it. */
export interface PtOrder {
  readonly id: string;
  readonly status: PtOrderStatus;
  readonly className: string;
  readonly durationMinutes: number;
  readonly price: number;
  readonly lessonAt: string | null;
  readonly cancellationRejectedReason: string | null;
}

export interface Assignment {
  readonly id: string;
  readonly status: AssignmentStatus;
}

export interface Schedule {
  readonly id: string;
  readonly status: ScheduleStatus;
  readonly lessonAt: string | null;
  readonly result: string | null;
}

/** An order with what managers and trainers say of it. */
export interface PtOrderAcross extends PtOrder {
  readonly trainer: { readonly id: string; readonly displayName: string | null } | null;
  readonly assignment: Assignment | null;
  readonly schedule: Schedule | null;
}

export interface PtOrderChange {
  readonly status: PtOrderStatus;
  readonly cursor: string;
  readonly order: PtOrder;
}

export interface LessonResult {
  readonly result: string;
  readonly cursor: string;
  readonly order: PtOrder & { readonly ptClass: { readonly id: string; readonly name: string } | null };
  readonly schedule: Schedule;
  readonly trainer: { readonly id: string; readonly displayName: string | null } | null;
}

/** A class of the demo's. */
export const PT_CLASS = { id: '01900000-0000-7000-8000-0000000e0001', name: '자세 교정 PT', price: 60_000, durationMinutes: 50 };
export const RESULT = '스쿼트 자세가 좋아졌습니다.';

const HOUR_MS = 3_600_000;
const TOMORROW = Math.ceil(Date.now() / HOUR_MS + 24) * HOUR_MS;
/** The n-th of the times to come, five hours apart: lessons at two of them do not overlap. Schedules are for a year ahead, so n is below 1,700. */
export const slot = (n: number): string => new Date(TOMORROW + n * 5 * HOUR_MS).toISOString();

const OWN = 'id status className durationMinutes price lessonAt cancellationRejectedReason';
const ASSIGNMENT = 'id status';
const SCHEDULE = 'id status lessonAt result';
const TRAINER = 'id displayName';
export const PT_ORDER = `${OWN} trainer { ${TRAINER} } assignment { ${ASSIGNMENT} } schedule { ${SCHEDULE} }`;

const ORDER = `mutation Order($input: OrderPtInput!) { orderPt(input: $input) { ${OWN} } }`;
const CANCEL = `mutation Cancel($input: CancelPtOrderInput!) { cancelPtOrder(input: $input) { ${OWN} } }`;
const ASSIGN = `mutation Assign($input: AssignTrainerInput!) { assignTrainer(input: $input) { ${ASSIGNMENT} } }`;
const CONFIRM = `mutation Confirm($input: ConfirmScheduleInput!) { confirmSchedule(input: $input) { ${SCHEDULE} } }`;
const POST = `mutation Post($input: PostLessonResultInput!) { postLessonResult(input: $input) { ${SCHEDULE} } }`;
export const READ_PT_ORDER = `query Order($id: ID!) { ptOrder(id: $id) { ${OWN} } }`;
export const READ_PT_ORDER_ACROSS = `query Order($id: ID!) { ptOrder(id: $id) { ${PT_ORDER} } }`;
export const WATCH_PT_ORDERS = `subscription Changes($id: ID, $after: String) {
  ptOrderStatusChanged(orderId: $id, after: $after) { status occurredAt cursor order { ${OWN} } }
}`;
export const WATCH_LESSON_RESULTS = `subscription Results($id: ID, $after: String) {
  lessonResultPosted(orderId: $id, after: $after) {
    result occurredAt cursor order { ${OWN} ptClass { id name } } schedule { ${SCHEDULE} } trainer { ${TRAINER} }
  }
}`;

const wishOf = (more: object) => ({ input: { classId: PT_CLASS.id, ...more } });

export async function orderPt(person: Person, more: object = {}): Promise<PtOrder> {
  return (await person.data<{ orderPt: PtOrder }>(ORDER, wishOf(more))).orderPt;
}

/** Orders as a good client does: again, with the same key, until there is an answer. */
export async function orderPtPatiently(person: Person, more: object = {}): Promise<PtOrder> {
  const wish = wishOf({ idempotencyKey: randomUUID(), ...more });
  return (await patiently(() => person.ask<{ orderPt: PtOrder }>(ORDER, wish))).data.orderPt;
}

export const refusalToOrderPt = (person: Person, more: object = {}) => person.refusal(ORDER, wishOf(more));

export async function cancelPtOrder(person: Person, orderId: string): Promise<PtOrder> {
  return (await person.data<{ cancelPtOrder: PtOrder }>(CANCEL, { input: { orderId } })).cancelPtOrder;
}

export async function cancelPtOrderPatiently(person: Person, orderId: string): Promise<PtOrder> {
  return (await patiently(() => person.ask<{ cancelPtOrder: PtOrder }>(CANCEL, { input: { orderId } }))).data.cancelPtOrder;
}

export const refusalToCancelPtOrder = (person: Person, orderId: string) => person.refusal(CANCEL, { input: { orderId } });

export const tryToAssign = (manager: Person, orderId: string, trainerId: string) =>
  manager.ask<{ assignTrainer: Assignment }>(ASSIGN, { input: { orderId, trainerId } });

/** Assigns as soon as the managers have heard of the order and of the trainer. */
export async function assignTrainer(manager: Person, orderId: string, trainerId: string): Promise<Assignment> {
  const assigned = await eventually(
    async () => {
      const { data, errors } = await tryToAssign(manager, orderId, trainerId);
      const code = errors?.[0]?.extensions.code;
      if (code === 'NOT_FOUND' || code === 'NOT_A_TRAINER') return false;
      return { data, errors };
    },
    { withinMs: 15_000, everyMs: 50 },
  );
  expect(assigned.errors).toBeUndefined();
  return (assigned.data as { assignTrainer: Assignment }).assignTrainer;
}

export const refusalToAssign = (person: Person, orderId: string, trainerId: string) =>
  person.refusal(ASSIGN, { input: { orderId, trainerId } });

export const tryToConfirmSchedule = (trainer: Person, scheduleId: string, at: string) =>
  trainer.ask<{ confirmSchedule: Schedule }>(CONFIRM, { input: { scheduleId, at } });

/** `at` defaults to now: the lesson begins, and its result can be posted. */
export async function confirmSchedule(trainer: Person, scheduleId: string, at = new Date().toISOString()): Promise<Schedule> {
  return (await trainer.data<{ confirmSchedule: Schedule }>(CONFIRM, { input: { scheduleId, at } })).confirmSchedule;
}

export const refusalToConfirmSchedule = (person: Person, scheduleId: string, at = slot(0)) =>
  person.refusal(CONFIRM, { input: { scheduleId, at } });

export const tryToPostResult = (trainer: Person, scheduleId: string, result = RESULT) =>
  trainer.ask<{ postLessonResult: Schedule }>(POST, { input: { scheduleId, result } });

export async function postResult(trainer: Person, scheduleId: string, result = RESULT): Promise<Schedule> {
  return (await trainer.data<{ postLessonResult: Schedule }>(POST, { input: { scheduleId, result } })).postLessonResult;
}

export const refusalToPostResult = (person: Person, scheduleId: string, result = RESULT) =>
  person.refusal(POST, { input: { scheduleId, result } });

/** What pt-orders say alone: needs neither managers nor trainers. */
export async function readPtOrder(person: Person, id: string): Promise<PtOrder> {
  return (await person.data<{ ptOrder: PtOrder }>(READ_PT_ORDER, { id })).ptOrder;
}

/** With what managers and trainers say. */
export async function readPtOrderAcross(person: Person, id: string): Promise<PtOrderAcross> {
  return (await person.data<{ ptOrder: PtOrderAcross }>(READ_PT_ORDER_ACROSS, { id })).ptOrder;
}

const soon = { withinMs: 15_000, everyMs: 50 };

/** Waits until the order is in that status, as this person sees it. */
export async function ptOrderBecomes(person: Person, id: string, status: PtOrderStatus, withinMs = soon.withinMs): Promise<PtOrder> {
  return eventually(
    async () => {
      const order = await readPtOrder(person, id);
      expect(order.status).toBe(status);
      return order;
    },
    { ...soon, withinMs },
  );
}

/** Waits until order, assignment and schedule are in these statuses; what is left out may be in any. */
export async function ptBecomes(
  person: Person,
  id: string,
  { order, assignment, schedule }: { order?: PtOrderStatus; assignment?: AssignmentStatus; schedule?: ScheduleStatus },
  withinMs = soon.withinMs,
): Promise<PtOrderAcross> {
  return eventually(
    async () => {
      const read = await readPtOrderAcross(person, id);
      if (order) expect(read.status).toBe(order);
      if (assignment) expect(read.assignment?.status).toBe(assignment);
      if (schedule) expect(read.schedule?.status).toBe(schedule);
      return read;
    },
    { ...soon, withinMs },
  );
}

/** Waits until the managers have taken the order in; the assignment's id. */
export const assignmentOf = (person: Person, orderId: string): Promise<string> =>
  eventually(async () => (await readPtOrderAcross(person, orderId)).assignment?.id ?? false, soon);

/** Waits until the trainers have been asked for it; the schedule's id. */
export const scheduleOf = (person: Person, orderId: string): Promise<string> =>
  eventually(async () => (await readPtOrderAcross(person, orderId)).schedule?.id ?? false, soon);

/** Assigned to the trainer, who is to confirm it. */
export async function assigned(customer: Person, manager: Person, trainer: Person, more: object = {}) {
  const { id } = await orderPt(customer, more);
  await assignTrainer(manager, id, trainer.accountId);
  return { id, scheduleId: await scheduleOf(customer, id) };
}

/** Confirmed by the trainer, for then, and by then known to the customer. */
export async function confirmed(customer: Person, manager: Person, trainer: Person, at?: string) {
  const ids = await assigned(customer, manager, trainer);
  await confirmSchedule(trainer, ids.scheduleId, at);
  await ptOrderBecomes(customer, ids.id, 'CONFIRMED');
  return ids;
}

/** The statuses that somebody's orders come to, from now on. */
export const watchPtOrders = (person: Person, variables: { id?: string; after?: string } = {}): Promise<Events<PtOrderChange>> =>
  person.watch<PtOrderChange>('pt-orders', WATCH_PT_ORDERS, variables);

/** The results that are posted of somebody's lessons, from now on. */
export const watchLessonResults = (person: Person, variables: { id?: string; after?: string } = {}): Promise<Events<LessonResult>> =>
  person.watch<LessonResult>('pt-trainers', WATCH_LESSON_RESULTS, variables);

interface Session {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly account: { readonly id: string };
}

const SESSION = 'accessToken refreshToken account { id }';
const SIGN_UP = `mutation SignUp($input: SignUpInput!) { signUp(input: $input) { ${SESSION} } }`;
const REFRESH = `mutation Refresh($input: RefreshSessionInput!) { refreshSession(input: $input) { ${SESSION} } }`;
const GRANT = 'mutation Grant($input: GrantRoleInput!) { grantRole(input: $input) { id } }';

/** Another account that holds the role TRAINER: one trainer has no two lessons at a time. */
export async function newTrainer(system: System, admin: Person): Promise<Person> {
  const input = { email: `e2e-${randomUUID()}@madang.example`, password: 'e2e-password-1', displayName: '이강사' };
  const nobody = anonymous(system);
  const { signUp } = await nobody.data<{ signUp: Session }>(SIGN_UP, { input });
  await admin.data(GRANT, { input: { accountId: signUp.account.id, role: 'TRAINER' } });
  const { refreshToken } = signUp;
  return new Person(system, (await nobody.data<{ refreshSession: Session }>(REFRESH, { input: { refreshToken } })).refreshSession);
}
