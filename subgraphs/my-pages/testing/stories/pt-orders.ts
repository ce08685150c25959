import { type Happening, type Step, story } from '../happenings.ts';

const CONFIRMED: readonly Step[] = [
  'PtOrdered',
  'PtOrderAccepted',
  'PtOrderAcknowledged',
  'TrainerAssigned',
  'PtScheduleRequested',
  'PtScheduleConfirmed',
  'PtAssignmentConfirmed',
  'PtOrderConfirmed',
];
/** Cancelled before it was heard of. */
const NEVER = { started: false, trainerId: null };

/** What may happen to a PT order, from its beginning to an end. */
export const PT_STORIES: Readonly<Record<string, Happening[]>> = {
  'only ordered': story('PtOrdered'),
  'taught, and then asked to be cancelled': story(...CONFIRMED, 'LessonResultPosted', 'PtOrderCompleted', 'PtCancellationRejected'),
  'confirmed, and cancelled': story(
    ...CONFIRMED,
    'PtCancellationRequested',
    'PtAssignmentCancelAccepted',
    'PtScheduleCancelled',
    'PtAssignmentCancelled',
    'PtOrderCancelled',
  ),
  'cancelled when a trainer was assigned': story(
    'PtOrdered',
    'PtOrderAccepted',
    'PtOrderAcknowledged',
    'PtCancellationRequested',
    'TrainerAssigned',
    'PtAssignmentCancelAccepted',
    ['PtScheduleCancelled', NEVER],
    'PtAssignmentCancelled',
    'PtOrderCancelled',
  ),
  'cancelled before it was taken in': story(
    'PtOrdered',
    'PtCancellationRequested',
    'PtAssignmentCancelAccepted',
    ['PtScheduleCancelled', NEVER],
    ['PtAssignmentCancelled', { started: false }],
    'PtOrderCancelled',
  ),
  'taught while it was being cancelled': story(
    ...CONFIRMED,
    'PtCancellationRequested',
    'PtAssignmentCancelAccepted',
    'LessonResultPosted',
    'PtAssignmentCancelRefused',
    'PtCancellationRejected',
  ),
  'taught before the managers knew of the date': story(
    'PtOrdered',
    'PtOrderAccepted',
    'PtOrderAcknowledged',
    'TrainerAssigned',
    'PtScheduleRequested',
    'PtScheduleConfirmed',
    'PtCancellationRequested',
    'PtAssignmentCancelAccepted',
    'LessonResultPosted',
    'PtAssignmentCancelRefused',
    'PtCancellationRejected',
  ),
};
