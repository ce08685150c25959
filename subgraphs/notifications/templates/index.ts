import type { TemplateValues } from '../commands.ts';
import type { MessageTemplate } from '../events.ts';
import * as cleanings from './cleanings.ts';
import * as game from './game.ts';
import * as kickboards from './kickboards.ts';
import * as methods from './payment-methods.ts';
import * as payments from './payments.ts';
import * as lessons from './pt-lessons.ts';
import type { Template, Text } from './template.ts';
import * as textbooks from './textbooks.ts';

export type { Text } from './template.ts';

const TEMPLATES: Readonly<Record<MessageTemplate, Template>> = {
  PAYMENT_METHOD_REGISTERED: methods.paymentMethodRegistered,
  PAYMENT_METHOD_CHANGED: methods.paymentMethodChanged,
  PAYMENT_METHOD_MADE_DEFAULT: methods.paymentMethodMadeDefault,
  PAYMENT_METHOD_REMOVED: methods.paymentMethodRemoved,
  PAYMENT_APPROVED: payments.paymentApproved,
  PAYMENT_DECLINED: payments.paymentDeclined,
  PAYMENT_CANCELLED: payments.paymentCancelled,
  TEXTBOOK_PAYMENT_DEFERRED: textbooks.textbookPaymentDeferred,
  TEXTBOOK_APPLICATION_REJECTED: textbooks.textbookApplicationRejected,
  TEXTBOOK_APPLICATION_EXPIRED: textbooks.textbookApplicationExpired,
  TEXTBOOK_DELIVERY_STARTED: textbooks.textbookDeliveryStarted,
  TEXTBOOK_DELIVERED: textbooks.textbookDelivered,
  TEXTBOOK_APPLICATION_CANCELLED: textbooks.textbookApplicationCancelled,
  TEXTBOOK_CANCELLATION_REJECTED: textbooks.textbookCancellationRejected,
  CLEANING_RESERVED: cleanings.cleaningReserved,
  CLEANING_CONFIRMED: cleanings.cleaningConfirmed,
  CLEANING_DONE: cleanings.cleaningDone,
  CLEANING_CANCELLED: cleanings.cleaningCancelled,
  CLEANING_CANCELLATION_REJECTED: cleanings.cleaningCancellationRejected,
  TICKET_PURCHASED: kickboards.ticketPurchased,
  KICKBOARD_RENTED: kickboards.kickboardRented,
  KICKBOARD_RETURNED: kickboards.kickboardReturned,
  PT_ORDER_CONFIRMED: lessons.ptOrderConfirmed,
  PT_LESSON_RESULT_POSTED: lessons.ptLessonResultPosted,
  PT_ORDER_CANCELLED: lessons.ptOrderCancelled,
  PT_CANCELLATION_REJECTED: lessons.ptCancellationRejected,
  MISSION_REWARDED: game.missionRewarded,
  GIFT_EXCHANGED: game.giftExchanged,
  GIFT_USED: game.giftUsed,
};

/** The text of a template with these values. @throws Refused BAD_INPUT with the value at fault */
export const render = (template: MessageTemplate, values: TemplateValues): Text => TEMPLATES[template](values);
