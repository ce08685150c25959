import { defineEvent, type EventOf, instant, reference } from '@madang/kernel/domain';
import { z } from 'zod';

/** The views of a page; each service adds its own. */
export const myPageView = z.enum([
  'TEXTBOOK_APPLICATION',
  'PAYMENT_METHOD',
  'CLEANING_RESERVATION',
  'TICKET',
  'PT_ORDER',
  'MISSION_RECORD',
  'GIFT',
]);
export type MyPageView = z.infer<typeof myPageView>;

/** The status of a row that is not on the page any more. */
export const REMOVED = 'REMOVED';

/** A row that the account can see has changed, appeared or gone. `status` is its view's own, or REMOVED. */
export const MyPageChanged = defineEvent({
  context: 'my-pages',
  aggregate: 'my-page',
  name: 'MyPageChanged',
  version: 1,
  key: (data) => data.accountId,
  payload: z.object({
    accountId: reference,
    view: myPageView,
    rowId: reference,
    status: z.string().regex(/^[A-Z][A-Z_]*$/),
    at: instant,
  }),
  examples: [
    {
      accountId: '01900000-0000-7000-8000-000000000001',
      view: 'TEXTBOOK_APPLICATION',
      rowId: '01936d5e-0000-7000-8000-0000000000a1',
      status: 'PAID',
      at: '2026-11-20T06:00:00.000Z',
    },
    {
      accountId: '01900000-0000-7000-8000-000000000001',
      view: 'PAYMENT_METHOD',
      rowId: '01936d5e-0000-7000-8000-0000000000b1',
      status: 'REMOVED',
      at: '2026-11-20T06:10:00.000Z',
    },
  ],
});

export type MyPageEvent = EventOf<typeof MyPageChanged>;
