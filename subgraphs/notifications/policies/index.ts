import type { Policy } from '@madang/kernel/domain';
import type { Notification } from './notification.ts';
import { notifyWhenCleaningCancellationRejected } from './notify-when-cleaning-cancellation-rejected.ts';
import { notifyWhenCleaningCancelled } from './notify-when-cleaning-cancelled.ts';
import { notifyWhenCleaningConfirmed } from './notify-when-cleaning-confirmed.ts';
import { notifyWhenCleaningDone } from './notify-when-cleaning-done.ts';
import { notifyWhenCleaningReserved } from './notify-when-cleaning-reserved.ts';
import { notifyWhenGiftActivated } from './notify-when-gift-activated.ts';
import { notifyWhenKickboardRented } from './notify-when-kickboard-rented.ts';
import { notifyWhenKickboardReturned } from './notify-when-kickboard-returned.ts';
import { notifyWhenLessonResultPosted } from './notify-when-lesson-result-posted.ts';
import { notifyWhenMissionRewarded } from './notify-when-mission-rewarded.ts';
import { notifyWhenPaymentApproved } from './notify-when-payment-approved.ts';
import { notifyWhenPaymentCancelled } from './notify-when-payment-cancelled.ts';
import { notifyWhenPaymentDeclined } from './notify-when-payment-declined.ts';
import { notifyWhenPaymentMethodChanged } from './notify-when-payment-method-changed.ts';
import { notifyWhenPaymentMethodRegistered } from './notify-when-payment-method-registered.ts';
import { notifyWhenPaymentMethodRemoved } from './notify-when-payment-method-removed.ts';
import { notifyWhenPtCancellationRejected } from './notify-when-pt-cancellation-rejected.ts';
import { notifyWhenPtOrderCancelled } from './notify-when-pt-order-cancelled.ts';
import { notifyWhenPtOrderConfirmed } from './notify-when-pt-order-confirmed.ts';
import { notifyWhenTextbookApplicationCancelled } from './notify-when-textbook-application-cancelled.ts';
import { notifyWhenTextbookApplicationDelivered } from './notify-when-textbook-application-delivered.ts';
import { notifyWhenTextbookApplicationDelivering } from './notify-when-textbook-application-delivering.ts';
import { notifyWhenTextbookApplicationRejected } from './notify-when-textbook-application-rejected.ts';
import { notifyWhenTextbookCancellationRejected } from './notify-when-textbook-cancellation-rejected.ts';
import { notifyWhenTextbookPaymentDeferred } from './notify-when-textbook-payment-deferred.ts';
import { notifyWhenTicketPurchased } from './notify-when-ticket-purchased.ts';

/** Everything that is notified; an event that is not here is told by another, or by the answer to who asked for it. */
export const policies: readonly Policy<Notification, never>[] = [
  notifyWhenCleaningCancellationRejected,
  notifyWhenCleaningCancelled,
  notifyWhenCleaningConfirmed,
  notifyWhenCleaningDone,
  notifyWhenCleaningReserved,
  notifyWhenGiftActivated,
  notifyWhenKickboardRented,
  notifyWhenKickboardReturned,
  notifyWhenLessonResultPosted,
  notifyWhenMissionRewarded,
  notifyWhenPaymentApproved,
  notifyWhenPaymentCancelled,
  notifyWhenPaymentDeclined,
  notifyWhenPaymentMethodChanged,
  notifyWhenPaymentMethodRegistered,
  notifyWhenPaymentMethodRemoved,
  notifyWhenPtCancellationRejected,
  notifyWhenPtOrderCancelled,
  notifyWhenPtOrderConfirmed,
  notifyWhenTextbookApplicationCancelled,
  notifyWhenTextbookApplicationDelivered,
  notifyWhenTextbookApplicationDelivering,
  notifyWhenTextbookApplicationRejected,
  notifyWhenTextbookCancellationRejected,
  notifyWhenTextbookPaymentDeferred,
  notifyWhenTicketPurchased,
];
