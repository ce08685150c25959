import * as applications from '@madang/applications/events';
import * as cleanings from '@madang/cleanings/events';
import * as deliveries from '@madang/deliveries/events';
import type { EventDefinition } from '@madang/kernel/domain';
import * as kickboards from '@madang/kickboards/events';
import * as methods from '@madang/payment-methods/events';
import * as payments from '@madang/payments/events';
import * as reservations from '@madang/reservations/events';
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

const names = { ...applications, ...payments, ...deliveries, ...methods, ...reservations, ...cleanings, ...tickets, ...kickboards };
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

/** What may happen to a textbook application, from its beginning to an end. */
export const STORIES: Readonly<Record<string, Happening[]>> = {
  'delivered, and then asked to be cancelled': story(
    'TextbookApplied',
    'PaymentApproved',
    'TextbookApplicationPaid',
    'DeliveryStarted',
    'TextbookApplicationDelivering',
    'DeliveryCompleted',
    'TextbookApplicationDelivered',
    ['TextbookCancellationRejected', { reason: 'ALREADY_DELIVERED' }],
  ),
  'deferred, paid and cancelled on its way': story(
    'TextbookApplied',
    'TextbookPaymentDeferred',
    'PaymentApproved',
    'TextbookApplicationPaid',
    'DeliveryStarted',
    'TextbookApplicationDelivering',
    'TextbookCancellationRequested',
    'DeliveryCancelled',
    'PaymentCancelling',
    'PaymentCancelled',
    'TextbookApplicationCancelled',
  ),
  'handed over while it was being cancelled': story(
    'TextbookApplied',
    'PaymentApproved',
    'TextbookApplicationPaid',
    'DeliveryStarted',
    'TextbookApplicationDelivering',
    'TextbookCancellationRequested',
    'DeliveryCompleted',
    ['TextbookCancellationRejected', { reason: 'ALREADY_DELIVERED' }],
  ),
  'cancelled before it was paid': story(
    'TextbookApplied',
    'TextbookPaymentDeferred',
    'TextbookCancellationRequested',
    ['DeliveryCancelled', { started: false }],
    ['PaymentCancelled', { amount: 0, refunded: 0 }],
    'TextbookApplicationCancelled',
  ),
  declined: story('TextbookApplied', 'TextbookPaymentDeferred', 'PaymentDeclined', 'TextbookApplicationRejected'),
  'expired and given back': story(
    'TextbookApplied',
    'TextbookPaymentDeferred',
    ['TextbookApplicationRejected', { status: 'EXPIRED' }],
    'PaymentApproved',
    'PaymentCancelling',
    'PaymentCancelled',
  ),
  'refused to the customer’s face': story('TextbookApplied', [
    'TextbookApplicationRejected',
    { kept: false, reason: 'PAYMENT_METHOD_REQUIRED' },
  ]),
};

const CLEANED = { context: 'reservations', reference: RESERVATION };

/** What may happen to a cleaning reservation, from its beginning to an end. */
export const CLEANING_STORIES: Readonly<Record<string, Happening[]>> = {
  'cleaned, and then asked to be cancelled': story(
    ['PaymentApproved', CLEANED],
    'CleaningReserved',
    'CleaningRequested',
    'CleaningConfirmed',
    'CleaningReservationConfirmed',
    'CleaningCompleted',
    'CleaningReservationDone',
    'CleaningCancellationRejected',
  ),
  'confirmed, and cancelled': story(
    ['PaymentApproved', CLEANED],
    'CleaningReserved',
    'CleaningRequested',
    'CleaningConfirmed',
    'CleaningReservationConfirmed',
    'CleaningCancellationRequested',
    'CleaningCancelled',
    ['PaymentCancelling', CLEANED],
    ['PaymentCancelled', CLEANED],
    'CleaningReservationCancelled',
  ),
  'cancelled before it was requested': story(
    ['PaymentApproved', CLEANED],
    'CleaningReserved',
    'CleaningCancellationRequested',
    ['CleaningCancelled', { started: false }],
    ['PaymentCancelling', CLEANED],
    ['PaymentCancelled', CLEANED],
    'CleaningReservationCancelled',
  ),
  'cleaned while it was being cancelled': story(
    ['PaymentApproved', CLEANED],
    'CleaningReserved',
    'CleaningRequested',
    'CleaningConfirmed',
    'CleaningCancellationRequested',
    'CleaningCompleted',
    'CleaningCancellationRejected',
    'CleaningCancelRefused',
  ),
  'never reserved, and given back': story(['PaymentApproved', CLEANED], ['PaymentCancelling', CLEANED], ['PaymentCancelled', CLEANED]),
};

const TICKETED = { context: 'tickets', reference: TICKET };
const at = (revision: number) => ({ revision });

/** What may happen to a ticket for kickboards, from its beginning to an end. */
export const TICKET_STORIES: Readonly<Record<string, Happening[]>> = {
  'ridden with, and returned late': story(
    ['PaymentApproved', TICKETED],
    ['TicketPurchased', at(1)],
    ['TicketUsed', at(2)],
    'KickboardRented',
    ['KickboardReturned', { overdue: true }],
  ),
  'redeemed after the ride': story(['PaymentApproved', TICKETED], ['TicketPurchased', at(1)], 'KickboardRented', 'KickboardReturned', [
    'TicketUsed',
    at(2),
  ]),
  'used, released and used again': story(
    ['PaymentApproved', TICKETED],
    ['TicketPurchased', at(1)],
    ['TicketUsed', at(2)],
    ['TicketReleased', at(3)],
    ['TicketUsed', at(4)],
    'KickboardRented',
  ),
  'used and released': story(['PaymentApproved', TICKETED], ['TicketPurchased', at(1)], ['TicketUsed', at(2)], ['TicketReleased', at(3)]),
  'released when it had expired': story(
    ['PaymentApproved', TICKETED],
    ['TicketPurchased', at(1)],
    ['TicketUsed', at(2)],
    ['TicketReleased', at(3)],
    ['TicketExpired', at(4)],
  ),
  'voided by its refund': story(
    ['PaymentApproved', TICKETED],
    ['TicketPurchased', at(1)],
    ['PaymentCancelling', TICKETED],
    ['PaymentCancelled', TICKETED],
    ['TicketVoided', at(2)],
  ),
  'used when it was refunded': story(
    ['PaymentApproved', TICKETED],
    ['TicketPurchased', at(1)],
    ['TicketUsed', at(2)],
    'KickboardRented',
    ['PaymentCancelling', TICKETED],
    ['PaymentCancelled', TICKETED],
    'KickboardReturned',
  ),
  'never there, and given back': story(['PaymentApproved', TICKETED], ['PaymentCancelling', TICKETED], ['PaymentCancelled', TICKETED]),
};

/** The row of a view after the happenings in this order, and what its account was told meanwhile. */
export function heard<R extends Row, Shown extends { readonly status: string }>(view: View<R, Shown>, happenings: readonly Happening[]) {
  let row: R | null = null;
  const told: MyPageEvent['data'][] = [];
  for (const { definition, data } of happenings) {
    const projection = view.projections.find(({ when }) => when.type === definition.type);
    const next: ReturnType<typeof project<R, Shown>> = projection ? project(view, projection, row, data) : null;
    if (next === null) continue;
    row = next.row;
    told.push(...next.told.map((event) => event.data));
  }
  return { row: row as R | null, told };
}

/** The same happenings to another application of another account. */
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
]);

/** All orders in which the happenings can arrive when each stream keeps its own. */
export function* arrivals(happenings: readonly Happening[]): Generator<Happening[]> {
  const streams = Object.values(Object.groupBy(happenings, ({ definition }) => definition.context)).map((stream) => stream ?? []);
  yield* merge(streams);
}

function* merge(streams: readonly (readonly Happening[])[]): Generator<Happening[]> {
  if (streams.every((stream) => stream.length === 0)) return yield [];
  for (const [at, [first, ...rest]] of streams.entries())
    if (first) for (const tail of merge(streams.with(at, rest))) yield [first, ...tail];
}
