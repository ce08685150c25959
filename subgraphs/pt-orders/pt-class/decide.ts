import { type Decide, type InputOf, requireRole } from '@madang/kernel/domain';
import type { registerPtClass } from './commands.ts';
import { type PtClass, type PtClassEvent, ptClassRegistered } from './pt-class.ts';

/** Who keeps the classes beside ADMIN: this context itself, for demo data. */
const OURSELVES = 'pt-orders';

/** `state` is the class of that name, if there is one; `newId` is for a new one. */
export const decideRegisterPtClass: Decide<PtClass, InputOf<typeof registerPtClass> & { newId: string }, PtClassEvent> = (
  state,
  { name, description, durationMinutes, price, newId },
  { actor },
) => {
  if (actor.kind !== 'service' || actor.name !== OURSELVES) requireRole(actor, 'ADMIN');
  if (state?.description === description && state.durationMinutes === durationMinutes && state.price === price) return [];
  return [ptClassRegistered({ id: state?.id ?? newId, name, description, durationMinutes, price })];
};
