import type { Store } from '@madang/kernel/context';
import { saveRow, type Write } from '@madang/kernel/prisma';
import type { PrismaClient, Kickboard as Row } from '../generated/prisma/client.ts';
import type { Kickboard } from '../kickboard/kickboard.ts';

/** A kickboard as its row has it. */
export type KickboardRow = Omit<Row, 'version'>;

export function kickboardRow({ id, serial, lat, lng, registeredAt, status, rentalId }: Kickboard): KickboardRow {
  return { id, serial, lat, lng, registeredAt, status, rentalId };
}

export function kickboardState({ version: _, status, rentalId, ...thing }: Row): Kickboard {
  if (status === 'REMOVED') return { ...thing, status, rentalId: null };
  if (status === 'AVAILABLE') return { ...thing, status, rentalId };
  if (rentalId === null) throw new TypeError(`kickboard ${thing.id} is RENTED, but its row does not say by which rental`);
  return { ...thing, status, rentalId };
}

export const saveKickboard = (state: Kickboard, version: number): Write => saveRow('Kickboard', kickboardRow(state), version);

const loaded = (row: Row | null) => row && { state: kickboardState(row), version: row.version };

/** Kickboards by their id. */
export const kickboardsById = (prisma: PrismaClient): Store<Kickboard> => ({
  load: async (id) => loaded(await prisma.kickboard.findUnique({ where: { id } })),
  save: saveKickboard,
});

/** Kickboards by what is printed on them. */
export const kickboardsBySerial = (prisma: PrismaClient): Store<Kickboard> => ({
  load: async (serial) => loaded(await prisma.kickboard.findUnique({ where: { serial } })),
  save: saveKickboard,
});
