import { type Happening, RESERVATION, story } from '../happenings.ts';

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
