import { TextbookCancellationRejected } from '@madang/applications/events';
import { policy } from '@madang/kernel/domain';
import { notification } from './notification.ts';

export const notifyWhenTextbookCancellationRejected = policy(
  'notify-when-textbook-cancellation-rejected',
  TextbookCancellationRejected,
  (event) => notification(event, 'TEXTBOOK_CANCELLATION_REJECTED', { type: 'TEXTBOOK_APPLICATION', id: event.data.applicationId }),
);
