import { defineEvent, type EventOf, id, instant, reference } from '@madang/kernel/domain';
import { z } from 'zod';

/** How a message reaches an account. */
export const messageChannel = z.enum(['IN_APP', 'TELEGRAM']);
export type MessageChannel = z.infer<typeof messageChannel>;

/** What kind of happening a message tells. */
export const messageTemplate = z.enum([
  'PAYMENT_METHOD_REGISTERED',
  'PAYMENT_METHOD_CHANGED',
  'PAYMENT_METHOD_MADE_DEFAULT',
  'PAYMENT_METHOD_REMOVED',
  'PAYMENT_APPROVED',
  'PAYMENT_DECLINED',
  'PAYMENT_CANCELLED',
  'TEXTBOOK_PAYMENT_DEFERRED',
  'TEXTBOOK_APPLICATION_REJECTED',
  'TEXTBOOK_APPLICATION_EXPIRED',
  'TEXTBOOK_DELIVERY_STARTED',
  'TEXTBOOK_DELIVERED',
  'TEXTBOOK_APPLICATION_CANCELLED',
  'TEXTBOOK_CANCELLATION_REJECTED',
  'CLEANING_RESERVED',
  'CLEANING_CONFIRMED',
  'CLEANING_DONE',
  'CLEANING_CANCELLED',
  'CLEANING_CANCELLATION_REJECTED',
  'TICKET_PURCHASED',
  'KICKBOARD_RENTED',
  'KICKBOARD_RETURNED',
  'PT_ORDER_CONFIRMED',
  'PT_LESSON_RESULT_POSTED',
  'PT_ORDER_CANCELLED',
  'PT_CANCELLATION_REJECTED',
  'MISSION_REWARDED',
  'GIFT_EXCHANGED',
  'GIFT_USED',
]);
export type MessageTemplate = z.infer<typeof messageTemplate>;

/** What a message is about: an entity of another context. */
export const messageSubject = z.object({
  type: z.enum([
    'PAYMENT_METHOD',
    'PAYMENT',
    'TEXTBOOK_APPLICATION',
    'CLEANING_RESERVATION',
    'TICKET',
    'RENTAL',
    'PT_ORDER',
    'MISSION_RECORD',
    'GIFT',
  ]),
  id: reference,
});
export type MessageSubject = z.infer<typeof messageSubject>;

const message = z.object({
  messageId: id,
  accountId: reference,
  channel: messageChannel,
  template: messageTemplate,
  title: z.string().min(1),
  body: z.string().min(1),
  about: messageSubject,
  at: instant,
});

const example = {
  messageId: '01936d5e-0000-7000-8000-0000000000e1',
  accountId: '01900000-0000-7000-8000-000000000001',
  channel: 'IN_APP',
  template: 'PAYMENT_APPROVED',
  title: '결제가 완료되었습니다',
  body: '「수학의 정석 기본편 2권」 36,000원이 결제되었습니다. (신용카드 ****4242)',
  about: { type: 'PAYMENT', id: '01936d5e-0000-7000-8000-0000000000c1' },
  at: '2026-11-20T06:00:00.000Z',
} as const;

const declare = { context: 'notifications', aggregate: 'message', version: 1 } as const;
const key = ({ messageId }: { readonly messageId: string }) => messageId;

/** A message reached its account. */
export const MessageSent = defineEvent({
  ...declare,
  name: 'MessageSent',
  key,
  payload: message,
  examples: [example],
});

/** A message cannot be delivered. */
export const MessageFailed = defineEvent({
  ...declare,
  name: 'MessageFailed',
  key,
  payload: message.extend({ reason: z.string().min(1) }),
  examples: [{ ...example, reason: 'the reader has blocked the channel' }],
});

/** Its reader marked a message as read. */
export const MessageRead = defineEvent({
  ...declare,
  name: 'MessageRead',
  key,
  payload: z.object({ messageId: id, accountId: reference, at: instant }),
  examples: [{ messageId: example.messageId, accountId: example.accountId, at: '2026-11-20T06:05:00.000Z' }],
});

export type MessageEvent = EventOf<typeof MessageSent> | EventOf<typeof MessageFailed> | EventOf<typeof MessageRead>;
