import { type Actor, type Decide, type InputOf, notFound, Refused, requireRole } from '@madang/kernel/domain';
import { type KickboardEvent, KickboardRegistered, KickboardRemoved } from '../events.ts';
import type { registerKickboard, removeKickboard } from './commands.ts';
import type { Kickboard } from './kickboard.ts';

type Decision<Input> = Decide<Kickboard, Input, KickboardEvent>;

/** Who keeps the kickboards beside ADMIN: this context itself, for demo data. */
const OURSELVES = 'kickboards';

/** What there is not. */
export const WHAT = 'The kickboard';

export const isRented = () => new Refused('KICKBOARD_RENTED', 'Somebody has it. 이미 대여 중인 킥보드입니다.');

function requireKeeper(actor: Actor): void {
  if (actor.kind !== 'service' || actor.name !== OURSELVES) requireRole(actor, 'ADMIN');
}

/** `state` is the kickboard with that serial number, if there is one; `newId` is for the new one. */
export const decideRegister: Decision<Omit<InputOf<typeof registerKickboard>, 'idempotencyKey'> & { newId: string }> = (
  state,
  { newId, serial, lat, lng },
  { actor, now },
) => {
  requireKeeper(actor);
  if (state !== null)
    throw new Refused('SERIAL_TAKEN', 'There is one with that serial number. 이미 등록된 일련번호입니다.', { field: 'serial' });
  return [KickboardRegistered({ kickboardId: newId, serial, lat, lng, at: now.toISOString() })];
};

/** One that is just being rented counts as rented. */
export const decideRemove: Decision<InputOf<typeof removeKickboard>> = (state, _, { actor, now }) => {
  requireKeeper(actor);
  if (state === null) throw notFound(WHAT);
  if (state.status === 'REMOVED') return [];
  if (state.rentalId !== null) throw isRented();
  const { id: kickboardId, serial, lat, lng } = state;
  return [KickboardRemoved({ kickboardId, serial, lat, lng, at: now.toISOString() })];
};
