import { AccountOpened } from '@madang/accounts/events';
import { policy } from '@madang/kernel/domain';

/** Whoever has an account may become a trainer: their name is kept. */
export const hearOfAccountWhenAccountOpened = policy(
  'hear-of-account-when-account-opened',
  AccountOpened,
  ({ data: { accountId, displayName } }) => ({ accountId, displayName }),
);
