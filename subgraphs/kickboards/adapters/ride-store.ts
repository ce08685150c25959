import type { Store } from '@madang/kernel/context';
import { type Database, sql, type Write, write } from '@madang/kernel/prisma';
import type { Kickboard as BoardRow, PrismaClient, Rental as Row } from '../generated/prisma/client.ts';
import { hasBegun, type Rental, type Ride } from '../rental/rental.ts';
import { kickboardState, saveKickboard } from './kickboard-store.ts';

/** A rental as its row has it. */
export function rentalRow(state: Rental): Row {
  const { id, accountId, kickboardId, ticketId, rentedAt } = state;
  const begun = hasBegun(state) ? state : null;
  const over = state.status === 'RETURNED' ? state : null;
  return {
    id,
    accountId,
    kickboardId,
    ticketId,
    rentedAt,
    status: state.status === 'RELEASED' ? 'CLAIMED' : state.status,
    dueAt: begun?.dueAt ?? null,
    redemption: begun?.redemption ?? 'PENDING',
    redemptionRefusal: begun?.redemptionRefusal ?? null,
    returnedAt: over?.returnedAt ?? null,
    returnedLat: over?.returnedLat ?? null,
    returnedLng: over?.returnedLng ?? null,
    forced: over?.forced ?? false,
  };
}

function rentalState({
  status,
  dueAt,
  redemption,
  redemptionRefusal,
  returnedAt,
  returnedLat,
  returnedLng,
  forced,
  ...claim
}: Row): Rental {
  if (status === 'CLAIMED') return { ...claim, status };
  if (dueAt === null) throw new TypeError(`rental ${claim.id} is ${status}, but its row does not say until when`);
  const redeemed =
    redemption === 'REFUSED' ? { redemption, redemptionRefusal: redemptionRefusal ?? '' } : { redemption, redemptionRefusal: null };
  const riding = { ...claim, ...redeemed, dueAt };
  if (status === 'RENTED') return { ...riding, status };
  if (returnedAt === null || returnedLat === null || returnedLng === null)
    throw new TypeError(`rental ${claim.id} is RETURNED, but its row does not say when and where`);
  return { ...riding, status, returnedAt, returnedLat, returnedLng, forced };
}

/** The unique constraints on kickboard and ticket decide who has them; the kickboard's version guards all changes. */
function saveRental(state: Rental): Write {
  if (state.status === 'RELEASED') return write(sql`DELETE FROM "Rental" WHERE "id" = ${state.id}::uuid AND "status" = 'CLAIMED'`);
  const row = rentalRow(state);
  return write(sql`INSERT INTO "Rental" ("id", "accountId", "kickboardId", "ticketId", "rentedAt", "status", "dueAt", "redemption",
      "redemptionRefusal", "returnedAt", "returnedLat", "returnedLng", "forced")
    VALUES (${row.id}::uuid, ${row.accountId}, ${row.kickboardId}::uuid, ${row.ticketId}, ${row.rentedAt}, ${row.status}::"RentalStatus", ${row.dueAt},
      ${row.redemption}::"TicketRedemption", ${row.redemptionRefusal}, ${row.returnedAt}, ${row.returnedLat}, ${row.returnedLng}, ${row.forced})
    ON CONFLICT ("id") DO UPDATE SET "status" = EXCLUDED."status", "dueAt" = EXCLUDED."dueAt", "redemption" = EXCLUDED."redemption",
      "redemptionRefusal" = EXCLUDED."redemptionRefusal", "returnedAt" = EXCLUDED."returnedAt", "returnedLat" = EXCLUDED."returnedLat",
      "returnedLng" = EXCLUDED."returnedLng", "forced" = EXCLUDED."forced"`);
}

/** What a new rental is to be of. */
export interface Wish {
  readonly rentalId: string;
  readonly kickboardId: string;
  readonly ticketId: string;
}

type RideRow = Row &
  Pick<BoardRow, 'serial' | 'lat' | 'lng' | 'registeredAt'> & {
    boardStatus: BoardRow['status'];
    boardRentalId: string | null;
    boardVersion: number;
  };

/** Both in one statement: a rental that is older than its kickboard's version would be changed twice. */
async function find(db: Database, rentalId: string) {
  const [row] = await db.query<RideRow>(sql`SELECT r.*, k."serial", k."lat", k."lng", k."registeredAt", k."status" AS "boardStatus",
      k."rentalId" AS "boardRentalId", k."version" AS "boardVersion"
    FROM "Rental" r JOIN "Kickboard" k ON k."id" = r."kickboardId" WHERE r."id" = ${rentalId}::uuid`);
  if (!row) return null;
  const { serial, lat, lng, registeredAt, boardStatus: status, boardRentalId, boardVersion: version, ...rental } = row;
  const kickboard = kickboardState({ id: rental.kickboardId, serial, lat, lng, registeredAt, status, rentalId: boardRentalId, version });
  return { state: { kickboard, rental: rentalState(rental), ticketRental: null }, version };
}

/** Rentals with their kickboards, by the rental's id; with a wish, the kickboard as it is for that new one, and who has its ticket. */
export const rides = (db: Database, prisma: PrismaClient, wish?: Wish): Store<Ride> => ({
  async load(rentalId) {
    if (rentalId !== wish?.rentalId) return find(db, rentalId);
    const [board, ticketRental] = await Promise.all([
      prisma.kickboard.findUnique({ where: { id: wish.kickboardId } }),
      prisma.rental.findUnique({ where: { ticketId: wish.ticketId }, select: { id: true, accountId: true } }),
    ]);
    return board && { state: { kickboard: kickboardState(board), rental: null, ticketRental }, version: board.version };
  },
  save: ({ kickboard, rental }, version) => [saveKickboard(kickboard, version), ...(rental ? [saveRental(rental)] : [])],
});

/** Lets an idempotency key be used again: what it created is not there for its account. */
export const forgetKey = (scope: string, key: string): Write =>
  write(sql`DELETE FROM kernel.idempotency WHERE scope = ${scope} AND key = ${key}`, 'any');
