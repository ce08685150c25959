import { MessengerLinked } from '@madang/accounts/events';
import * as applications from '@madang/applications/events';
import * as gifts from '@madang/gifts/events';
import type { EventDefinition, Received } from '@madang/kernel/domain';
import * as kickboards from '@madang/kickboards/events';
import * as missions from '@madang/missions/events';
import * as methods from '@madang/payment-methods/events';
import * as payments from '@madang/payments/events';
import * as ptOrders from '@madang/pt-orders/events';
import * as ptTrainers from '@madang/pt-trainers/events';
import * as reservations from '@madang/reservations/events';
import * as rewards from '@madang/rewards/events';
import * as tickets from '@madang/tickets/events';
import * as wallets from '@madang/wallets/events';
import { describe, expect, it } from 'vitest';
import { messageSubject } from '../events.ts';
import { render } from '../templates/index.ts';
import { policies } from './index.ts';
import { linkChatWhenMessengerLinked } from './link-chat-when-messenger-linked.ts';
import type { Notification } from './notification.ts';

/** The event as it would be received, with the declared example where nothing else is said. */
function received(definition: EventDefinition, data: object = {}): Received<never> {
  return {
    id: '01936d5e-0000-7000-8000-00000000ffff',
    name: definition.eventName,
    version: definition.version,
    context: definition.context,
    aggregate: definition.aggregate,
    key: 'key',
    time: new Date('2026-11-20T06:00:00Z'),
    data: definition.payload.parse({ ...(definition.examples[0] as object), ...data }) as never,
    correlationId: 'c',
    causationId: undefined,
    traceparent: undefined,
    sequence: 1,
  };
}

const told = (definition: EventDefinition, data: object = {}): Notification[] =>
  policies.flatMap(({ when, then }) => (when.type === definition.type ? (then(received(definition, data)) ?? []) : []));

const templatesOf = (...happened: readonly (readonly [EventDefinition, object?])[]): string[] =>
  happened.flatMap(([definition, data]) => told(definition as EventDefinition, data).map(({ template }) => template));

describe('what is notified', () => {
  it.each(policies.map((policy) => [policy.name, policy] as const))(
    '%s can be written for every example of its event',
    (_, { when, then }) => {
      for (const example of when.examples) {
        const event = received(when, example as object);
        const notification = then(event);
        if (notification === null) continue;
        expect(render(notification.template, notification.values).body).not.toContain('undefined');
        expect(notification).toMatchObject({ messageId: event.id, accountId: '01900000-0000-7000-8000-000000000001' });
        expect(messageSubject.parse(notification.about)).toEqual(notification.about);
      }
    },
  );

  it('each event has at most one message', () => {
    const types = policies.map(({ when }) => when.type);
    expect(new Set(types).size).toBe(types.length);
  });

  it('each change of a payment method is told once', () => {
    expect(templatesOf([methods.PaymentMethodRegistered])).toEqual(['PAYMENT_METHOD_REGISTERED']);
    expect(templatesOf([methods.PaymentMethodChanged, { change: 'NUMBER' }])).toEqual(['PAYMENT_METHOD_CHANGED']);
    expect(templatesOf([methods.PaymentMethodRemoved])).toEqual(['PAYMENT_METHOD_REMOVED']);
  });

  it('a default that moves is told by the method that becomes it', () => {
    const lost = [methods.PaymentMethodChanged, { change: 'DEFAULT', isDefault: false }] as const;
    const gained = [methods.PaymentMethodChanged, { change: 'DEFAULT', isDefault: true }] as const;
    expect(templatesOf(lost, gained)).toEqual(['PAYMENT_METHOD_MADE_DEFAULT']);
  });

  it('an application that is paid and delivered is told step by step', () => {
    expect(
      templatesOf(
        [applications.TextbookApplied],
        [payments.PaymentApproved],
        [applications.TextbookApplicationPaid],
        [applications.TextbookApplicationDelivering],
        [applications.TextbookApplicationDelivered],
      ),
    ).toEqual(['PAYMENT_APPROVED', 'TEXTBOOK_DELIVERY_STARTED', 'TEXTBOOK_DELIVERED']);
  });

  it('an application that is declined is told once, by the application', () => {
    expect(templatesOf([payments.PaymentDeclined], [applications.TextbookApplicationRejected])).toEqual(['TEXTBOOK_APPLICATION_REJECTED']);
    expect(templatesOf([payments.PaymentDeclined, { context: 'reservations' }])).toEqual(['PAYMENT_DECLINED']);
  });

  it('an application that was refused to the customer’s face is not told again', () => {
    expect(templatesOf([applications.TextbookApplicationRejected, { kept: false }])).toEqual([]);
  });

  it('an application that was deferred and then expired is told both', () => {
    expect(templatesOf([applications.TextbookPaymentDeferred], [applications.TextbookApplicationRejected, { status: 'EXPIRED' }])).toEqual([
      'TEXTBOOK_PAYMENT_DEFERRED',
      'TEXTBOOK_APPLICATION_EXPIRED',
    ]);
  });

  it('a cancellation is told when it is a fact, and a refund when there is one', () => {
    const cancelled = [applications.TextbookApplicationCancelled] as const;
    const requested = [[applications.TextbookCancellationRequested], [payments.PaymentCancelling]] as const;
    expect(templatesOf(...requested, [payments.PaymentCancelled], cancelled)).toEqual([
      'PAYMENT_CANCELLED',
      'TEXTBOOK_APPLICATION_CANCELLED',
    ]);
    expect(templatesOf(...requested, [payments.PaymentCancelled, { refunded: 0 }], cancelled)).toEqual(['TEXTBOOK_APPLICATION_CANCELLED']);
  });

  it('a cleaning is told step by step, and what was paid or refunded once, by payments', () => {
    const payment = { context: 'reservations' };
    expect(
      templatesOf(
        [payments.PaymentApproved, payment],
        [reservations.CleaningReserved],
        [reservations.CleaningReservationConfirmed],
        [reservations.CleaningReservationDone],
      ),
    ).toEqual(['PAYMENT_APPROVED', 'CLEANING_RESERVED', 'CLEANING_CONFIRMED', 'CLEANING_DONE']);
    expect(
      templatesOf(
        [reservations.CleaningCancellationRequested],
        [payments.PaymentCancelling, payment],
        [payments.PaymentCancelled, payment],
        [reservations.CleaningReservationCancelled],
      ),
    ).toEqual(['PAYMENT_CANCELLED', 'CLEANING_CANCELLED']);
    expect(templatesOf([reservations.CleaningCancellationRejected])).toEqual(['CLEANING_CANCELLATION_REJECTED']);
    const [reserved] = told(reservations.CleaningReserved);
    expect(reserved && render(reserved.template, reserved.values).body).not.toContain('49,000');
  });

  it('a ride is told step by step, and what was paid once, by payments', () => {
    expect(
      templatesOf(
        [payments.PaymentApproved, { context: 'tickets' }],
        [tickets.TicketPurchased],
        [kickboards.KickboardRented],
        [tickets.TicketUsed],
        [kickboards.KickboardReturned],
      ),
    ).toEqual(['PAYMENT_APPROVED', 'TICKET_PURCHASED', 'KICKBOARD_RENTED', 'KICKBOARD_RETURNED']);
    const bodyOf = (definition: EventDefinition, data?: object) =>
      told(definition, data).map(({ template, values }) => render(template, values).body)[0];
    expect(bodyOf(tickets.TicketPurchased)).toBe('1시간 이용권으로 12월 20일 (일) 오후 3:00까지 킥보드를 대여하실 수 있습니다.');
    expect(bodyOf(kickboards.KickboardRented)).toBe('MD-0001 킥보드를 11월 20일 (금) 오후 4:00까지 반납해 주세요.');
    const late = { forced: true, overdue: true, at: '2026-11-20T07:04:10.000Z' };
    expect(bodyOf(kickboards.KickboardReturned, late)).toBe('관리자가 MD-0001 킥보드를 반납 처리했습니다. 이용 시간을 5분 초과했습니다.');
  });

  it('a ticket that nothing can be rented with any more is told by its refund, if there is one', () => {
    expect(templatesOf([payments.PaymentCancelled, { context: 'tickets' }], [tickets.TicketVoided], [tickets.TicketExpired])).toEqual([
      'PAYMENT_CANCELLED',
    ]);
  });

  it('a cancellation that comes too late is told', () => {
    expect(templatesOf([applications.TextbookCancellationRejected])).toEqual(['TEXTBOOK_CANCELLATION_REJECTED']);
  });

  it('a PT order is told step by step, its result in the trainer’s words', () => {
    expect(
      templatesOf(
        [ptOrders.PtOrdered],
        [ptOrders.PtOrderAcknowledged],
        [ptTrainers.PtScheduleRequested],
        [ptTrainers.PtScheduleConfirmed],
        [ptOrders.PtOrderConfirmed],
        [ptTrainers.LessonResultPosted],
        [ptOrders.PtOrderCompleted],
      ),
    ).toEqual(['PT_ORDER_CONFIRMED', 'PT_LESSON_RESULT_POSTED']);
    const [result] = told(ptTrainers.LessonResultPosted, { orderId: '01936d5e-0000-7000-8000-000000000301' });
    expect(result?.about).toEqual({ type: 'PT_ORDER', id: '01936d5e-0000-7000-8000-000000000301' });
    expect(templatesOf([ptOrders.PtCancellationRequested], [ptTrainers.PtScheduleCancelled], [ptOrders.PtOrderCancelled])).toEqual([
      'PT_ORDER_CANCELLED',
    ]);
    expect(templatesOf([ptOrders.PtCancellationRejected])).toEqual(['PT_CANCELLATION_REJECTED']);
    for (const event of [ptOrders.PtOrderConfirmed, ptOrders.PtOrderCancelled, ptOrders.PtCancellationRejected])
      for (const { template, values } of told(event, { className: '재활 PT' }))
        expect(render(template, values).body).toContain('「재활 PT」');
  });

  it('the mission game is told at two steps; what is used is told by whoever asks for it', () => {
    expect(
      templatesOf(
        [missions.MissionAchieved],
        [rewards.RewardGranted],
        [wallets.WalletCredited],
        [missions.MissionRewarded],
        [missions.MissionMessaged],
        [missions.MissionMessageFailed],
      ),
    ).toEqual(['MISSION_REWARDED']);
    expect(
      templatesOf(
        [wallets.PointsHeld],
        [gifts.GiftIssued],
        [wallets.PointsCaptured],
        [gifts.GiftActivated],
        [gifts.GiftVoided],
        [gifts.GiftUsed],
      ),
    ).toEqual(['GIFT_EXCHANGED']);
    expect(told(missions.MissionRewarded)[0]?.about).toEqual({ type: 'MISSION_RECORD', id: '01936d5e-0000-7000-8000-000000000501' });
    expect(told(gifts.GiftActivated)[0]?.about).toEqual({ type: 'GIFT', id: '01936d5e-0000-7000-8000-000000000551' });
  });

  it('a messenger that is linked is where its messages go', () => {
    const { accountId } = MessengerLinked.examples[0] as { accountId: string };
    expect(linkChatWhenMessengerLinked.then(received(MessengerLinked as never) as never)).toEqual({ accountId, chatId: '123456789' });
  });
});
