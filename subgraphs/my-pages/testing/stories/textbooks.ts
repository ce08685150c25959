import { type Happening, story } from '../happenings.ts';

/** What may happen to a textbook application, from its beginning to an end. */
export const TEXTBOOK_STORIES: Readonly<Record<string, Happening[]>> = {
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
