import { RoleGranted } from '@madang/accounts/events';
import { policy } from '@madang/kernel/domain';

/** Whoever holds the role TRAINER is one. */
export const hearOfAccountWhenRoleGranted = policy('hear-of-account-when-role-granted', RoleGranted, ({ data: { accountId, role } }) =>
  role === 'TRAINER' ? { accountId, isTrainer: true } : null,
);
