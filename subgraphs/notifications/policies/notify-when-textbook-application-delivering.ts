import { TextbookApplicationDelivering } from '@madang/applications/events';
import { policy } from '@madang/kernel/domain';
import { notification } from './notification.ts';

export const notifyWhenTextbookApplicationDelivering = policy(
  'notify-when-textbook-application-delivering',
  TextbookApplicationDelivering,
  (event) => notification(event, 'TEXTBOOK_DELIVERY_STARTED', { type: 'TEXTBOOK_APPLICATION', id: event.data.applicationId }),
);
