import { defineEvent, type EventOf, id } from '@madang/kernel/domain';
import { z } from 'zod';

const EXAMPLE = '01900000-0000-7000-8000-000000000001';

/** What an account may do; everybody holds CUSTOMER. */
export const role = z.enum(['CUSTOMER', 'MANAGER', 'TRAINER', 'ADMIN']);
export type Role = z.infer<typeof role>;

/** Somebody signed up; the account holds the role CUSTOMER. */
export const AccountOpened = defineEvent({
  context: 'accounts',
  aggregate: 'account',
  name: 'AccountOpened',
  version: 1,
  key: (data) => data.accountId,
  payload: z.object({ accountId: id, displayName: z.string().min(1) }),
  examples: [{ accountId: EXAMPLE, displayName: '김마당' }],
});

/** An account holds one more role. */
export const RoleGranted = defineEvent({
  context: 'accounts',
  aggregate: 'account',
  name: 'RoleGranted',
  version: 1,
  key: (data) => data.accountId,
  payload: z.object({ accountId: id, role }),
  examples: [{ accountId: EXAMPLE, role: 'TRAINER' }],
});

/** Messages to the account go to that chat from now on; it replaces what was linked before. */
export const MessengerLinked = defineEvent({
  context: 'accounts',
  aggregate: 'account',
  name: 'MessengerLinked',
  version: 1,
  key: (data) => data.accountId,
  payload: z.object({ accountId: id, channel: z.enum(['TELEGRAM']), chatId: z.string().min(1) }),
  examples: [{ accountId: EXAMPLE, channel: 'TELEGRAM', chatId: '123456789' }],
});

export type AccountEvent = EventOf<typeof AccountOpened> | EventOf<typeof RoleGranted> | EventOf<typeof MessengerLinked>;
