import { type Decide, type InputOf, requireRole } from '@madang/kernel/domain';
import { type CleaningPlan, type CleaningPlanEvent, cleaningPlanRegistered } from './cleaning-plan.ts';
import type { registerCleaningPlan } from './commands.ts';

/** Who keeps the plans beside ADMIN: this context itself, for demo data. */
const OURSELVES = 'reservations';

/** `state` is the plan of that name, if there is one; `newId` is for a new one. */
export const decideRegisterCleaningPlan: Decide<
  CleaningPlan,
  InputOf<typeof registerCleaningPlan> & { newId: string },
  CleaningPlanEvent
> = (state, { name, description, minutes, price, newId }, { actor }) => {
  if (actor.kind !== 'service' || actor.name !== OURSELVES) requireRole(actor, 'ADMIN');
  if (state?.description === description && state.minutes === minutes && state.price === price) return [];
  return [cleaningPlanRegistered({ id: state?.id ?? newId, name, description, minutes, price })];
};
