import { type Decide, type InputOf, requireRole } from '@madang/kernel/domain';
import type { createMission } from './commands.ts';
import { type Mission, type MissionEvent, missionCreated } from './mission.ts';

/** Who keeps the missions beside ADMIN: this context itself, for demo data. */
const OURSELVES = 'missions';

/** `state` is the mission of the new id: there when another replica was faster with the demo's. */
export const decideCreateMission: Decide<Mission, InputOf<typeof createMission> & { readonly newId: string }, MissionEvent> = (
  state,
  { newId, title, description, points },
  { actor },
) => {
  if (actor.kind !== 'service' || actor.name !== OURSELVES) requireRole(actor, 'ADMIN');
  return state === null ? [missionCreated({ id: newId, title, description, points, active: true })] : [];
};
