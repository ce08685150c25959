import { TextbookApplicationRejected } from '@madang/applications/events';
import { policy } from '@madang/kernel/domain';
import { notification } from './notification.ts';

/** One that is not kept was refused to the customer's face. */
export const notifyWhenTextbookApplicationRejected = policy(
  'notify-when-textbook-application-rejected',
  TextbookApplicationRejected,
  (event) => {
    const { kept, status, applicationId, reason } = event.data;
    if (!kept) return null;
    const template = status === 'EXPIRED' ? 'TEXTBOOK_APPLICATION_EXPIRED' : 'TEXTBOOK_APPLICATION_REJECTED';
    return notification(event, template, { type: 'TEXTBOOK_APPLICATION', id: applicationId }, { reason });
  },
);
