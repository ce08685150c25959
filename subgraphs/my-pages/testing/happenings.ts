import * as applications from '@madang/applications/events';
import * as cleanings from '@madang/cleanings/events';
import * as deliveries from '@madang/deliveries/events';
import * as gifts from '@madang/gifts/events';
import type { EventDefinition } from '@madang/kernel/domain';
import * as kickboards from '@madang/kickboards/events';
import * as missions from '@madang/missions/events';
import * as methods from '@madang/payment-methods/events';
import * as payments from '@madang/payments/events';
import * as managers from '@madang/pt-managers/events';
import * as orders from '@madang/pt-orders/events';
import * as trainers from '@madang/pt-trainers/events';
import * as reservations from '@madang/reservations/events';
import * as rewards from '@madang/rewards/events';
import * as tickets from '@madang/tickets/events';
import type { MyPageEvent } from '../events.ts';
import { project, type Row, type View } from '../read-models/view.ts';

/** Something that happened, as one of the streams tells it. */
export interface Happening {
  readonly definition: EventDefinition;
  readonly data: { readonly accountId: string; readonly at: string };
}

export const ACCOUNT = '01900000-0000-7000-8000-000000000001';
export const APPLICATION = '01936d5e-0000-7000-8000-0000000000a1';
export const PAYMENT = '01936d5e-0000-7000-8000-0000000000c1';
export const DELIVERY = '01936d5e-0000-7000-8000-0000000000d1';
export const RESERVATION = '01936d5e-0000-7000-8000-0000000000e1';
export const CLEANING = '01936d5e-0000-7000-8000-0000000000f1';
export const TICKET = '01936d5e-0000-7000-8000-000000000f01';
export const RENTAL = '01936d5e-0000-7000-8000-000000000f11';
export const ORDER = '01936d5e-0000-7000-8000-000000000301';
export const ASSIGNMENT = '01936d5e-0000-7000-8000-000000000311';
export const SCHEDULE = '01936d5e-0000-7000-8000-000000000321';
export const TRAINER = '01900000-0000-7000-8000-000000000003';
export const RECORD = '01936d5e-0000-7000-8000-000000000501';
export const REWARD = '01936d5e-0000-7000-8000-000000000521';
export const EXCHANGE = '01936d5e-0000-7000-8000-000000000531';
export const GIFT = '01936d5e-0000-7000-8000-000000000551';

const names = {
  ...applications,
  ...payments,
  ...deliveries,
  ...methods,
  ...reservations,
  ...cleanings,
  ...tickets,
  ...kickboards,
  ...orders,
  ...managers,
  ...trainers,
  ...missions,
  ...rewards,
  ...gifts,
};
type Name = { [K in keyof typeof names]: (typeof names)[K] extends EventDefinition ? K : never }[keyof typeof names];
/** What the data of a step say unless it says otherwise. */
const SAID = {
  accountId: ACCOUNT,
  applicationId: APPLICATION,
  context: 'applications',
  reference: APPLICATION,
  paymentId: PAYMENT,
  deliveryId: DELIVERY,
  reservationId: RESERVATION,
  cleaningId: CLEANING,
  ticketId: TICKET,
  rentalId: RENTAL,
  orderId: ORDER,
  assignmentId: ASSIGNMENT,
  scheduleId: SCHEDULE,
  trainerId: TRAINER,
  recordId: RECORD,
  rewardId: REWARD,
  exchangeId: EXCHANGE,
  giftId: GIFT,
  title: '수학의 정석 기본편',
  quantity: 2,
  amount: 36_000,
  refunded: 36_000,
  kind: 'CREDIT_CARD',
  maskedNumber: '****-****-****-4242',
};

/** An event's name, or its name and what its data say other than the declared example. */
export type Step = Name | readonly [Name, object];

/** The instant of a step: one second after the one before. */
export const instantOf = (step: number): string => new Date(Date.UTC(2026, 10, 20, 6, 0, step)).toISOString();

/** Happenings in the order in which they happened. */
export const story = (...steps: readonly Step[]): Happening[] =>
  steps.map((step, at) => {
    const [name, other] = typeof step === 'string' ? [step, {}] : step;
    const definition: EventDefinition = names[name];
    const example = definition.examples[0] as object;
    return { definition, data: definition.payload.parse({ ...example, ...SAID, ...other, at: instantOf(at) }) as Happening['data'] };
  });

/** The row of a view after one more happening, and what its account is told of it; null when nothing changes. */
export function hear<R extends Row, Shown extends { readonly status: string }>(
  view: View<R, Shown>,
  row: R | null,
  { definition, data }: Happening,
) {
  const projection = view.projections.find(({ when }) => when.type === definition.type);
  return projection ? project(view, projection, row, data) : null;
}

/** The row of a view after the happenings in this order, and what its account was told meanwhile. */
export function heard<R extends Row, Shown extends { readonly status: string }>(view: View<R, Shown>, happenings: readonly Happening[]) {
  let row: R | null = null;
  const told: MyPageEvent['data'][] = [];
  for (const happening of happenings) {
    const next: ReturnType<typeof hear<R, Shown>> = hear(view, row, happening);
    if (next === null) continue;
    row = next.row;
    told.push(...next.told.map((event) => event.data));
  }
  return { row: row as R | null, told };
}

/** The same happenings to other things of another account. */
export function retold(happenings: readonly Happening[], number: number, accountId = ACCOUNT): Happening[] {
  const suffix = number.toString(16).padStart(8, '0');
  const own = (id: string) => `${id.slice(0, -12)}${suffix}${id.slice(-4)}`;
  return happenings.map(({ definition, data }) => {
    const ids = Object.entries(data)
      .filter(([name]) => IDS.has(name))
      .map(([name, id]) => [name, own(id as string)]);
    return { definition, data: { ...data, ...Object.fromEntries(ids), accountId } };
  });
}

const IDS = new Set([
  'applicationId',
  'reference',
  'paymentId',
  'deliveryId',
  'paymentMethodId',
  'reservationId',
  'cleaningId',
  'ticketId',
  'rentalId',
  'orderId',
  'assignmentId',
  'scheduleId',
  'recordId',
  'rewardId',
  'messageId',
  'exchangeId',
  'giftId',
]);
