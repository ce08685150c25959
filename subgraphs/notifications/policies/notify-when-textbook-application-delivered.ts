import { TextbookApplicationDelivered } from '@madang/applications/events';
import { policy } from '@madang/kernel/domain';
import { notification } from './notification.ts';

export const notifyWhenTextbookApplicationDelivered = policy(
  'notify-when-textbook-application-delivered',
  TextbookApplicationDelivered,
  (event) => notification(event, 'TEXTBOOK_DELIVERED', { type: 'TEXTBOOK_APPLICATION', id: event.data.applicationId }),
);
