import { TextbookApplicationCancelled } from '@madang/applications/events';
import { policy } from '@madang/kernel/domain';
import { notification } from './notification.ts';

export const notifyWhenTextbookApplicationCancelled = policy(
  'notify-when-textbook-application-cancelled',
  TextbookApplicationCancelled,
  (event) => notification(event, 'TEXTBOOK_APPLICATION_CANCELLED', { type: 'TEXTBOOK_APPLICATION', id: event.data.applicationId }),
);
