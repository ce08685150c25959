import { RoleGranted } from '@madang/accounts/events';
import { policy } from '@madang/kernel/domain';

/** Whoever holds the role TRAINER can be assigned. */
export const hearOfTrainerWhenRoleGranted = policy('hear-of-trainer-when-role-granted', RoleGranted, ({ data: { accountId, role } }) =>
  role === 'TRAINER' ? { accountId } : null,
);
