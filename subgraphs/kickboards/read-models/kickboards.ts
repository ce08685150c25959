import { badInput, notFound, id as uuid } from '@madang/kernel/domain';
import { type Connection, connectionOf, type PageArguments, pageOf } from '@madang/kernel/graphql';
import { type Database, type Sql, sql } from '@madang/kernel/prisma';
import DataLoader from 'dataloader';
import { z } from 'zod';
import type { KickboardRow } from '../adapters/kickboard-store.ts';
import type { KickboardStatus, PrismaClient } from '../generated/prisma/client.ts';
import { place } from '../kickboard/commands.ts';
import { WHAT } from '../kickboard/decide.ts';

export type KickboardLoader = DataLoader<string, KickboardRow | null>;

interface Near {
  readonly lat: number;
  readonly lng: number;
  readonly withinMeters?: number | null | undefined;
}

type ListArguments = PageArguments & { readonly status?: KickboardStatus | null | undefined; readonly near?: Near | null | undefined };

const around = z.object({ ...place, withinMeters: z.int().min(1, 'must be at least 1').max(50_000, 'must be at most 50,000') });
const DEFAULT_METERS = 1_000;
/** Metres of a degree of latitude. */
const DEGREE = 111_320;

function aroundOf({ lat, lng, withinMeters }: Near): z.infer<typeof around> {
  const { data, error } = around.safeParse({ lat, lng, withinMeters: withinMeters ?? DEFAULT_METERS });
  if (data) return data;
  const [issue] = error.issues;
  throw badInput(`near.${issue?.path.join('.')}`, `near.${issue?.path.join('.')}: ${issue?.message}`);
}

/** Metres between a row's place and that one, on a sphere. */
const metersTo = (lat: number, lng: number): Sql =>
  sql`12742000 * asin(least(1, sqrt(sin(radians("lat" - ${lat}::float8) / 2) ^ 2
    + cos(radians(${lat}::float8)) * cos(radians("lat")) * sin(radians("lng" - ${lng}::float8) / 2) ^ 2)))`;

/** Answers: which kickboards are there, where, and can they be rented? Everybody may know. */
export function kickboards(db: Database, prisma: PrismaClient) {
  const find = async (id: string): Promise<KickboardRow | null> =>
    uuid.safeParse(id).success ? prisma.kickboard.findUnique({ where: { id }, omit: { version: true } }) : null;

  async function newest({ first, after, status }: ListArguments): Promise<KickboardRow[]> {
    const { take, cursorId } = pageOf({ first, after });
    return prisma.kickboard.findMany({
      where: { status: status ?? { not: 'REMOVED' }, id: cursorId === undefined ? undefined : { lt: cursorId } },
      orderBy: { id: 'desc' },
      take,
    });
  }

  /** The cursor's kickboard is measured where it stands now. */
  async function nearest(near: Near, { first, after, status = null }: ListArguments): Promise<KickboardRow[]> {
    const { lat, lng, withinMeters } = aroundOf(near);
    const { take, cursorId = null } = pageOf({ first, after });
    const meters = metersTo(lat, lng);
    return db.query<KickboardRow>(sql`SELECT "id", "serial", "lat", "lng", "status", "rentalId", "registeredAt" FROM (
        SELECT *, ${meters} AS meters FROM "Kickboard"
        WHERE "lat" BETWEEN ${lat - withinMeters / DEGREE}::float8 AND ${lat + withinMeters / DEGREE}::float8
          AND (${status}::"KickboardStatus" IS NOT DISTINCT FROM "status" OR ${status}::"KickboardStatus" IS NULL AND "status" <> 'REMOVED')
      ) AS board
      WHERE meters <= ${withinMeters}::float8 AND (${cursorId}::uuid IS NULL
        OR (meters, "id") > (SELECT ${meters}, "id" FROM "Kickboard" WHERE "id" = ${cursorId}::uuid))
      ORDER BY meters, "id" LIMIT ${take}::int`);
  }

  return {
    /** @throws Refused NOT_FOUND */
    async byId(id: string): Promise<KickboardRow> {
      const row = await find(id);
      if (!row) throw notFound(WHAT);
      return row;
    },

    /** Newest first, or nearest first. @throws Refused BAD_INPUT */
    async list(list: ListArguments): Promise<Connection<KickboardRow>> {
      const rows = list.near ? await nearest(list.near, list) : await newest(list);
      return connectionOf(rows, list.first, ({ id }) => id, list);
    },

    loader: (): KickboardLoader => new DataLoader((ids) => Promise.all(ids.map(find))),
  };
}

export type KickboardsModel = ReturnType<typeof kickboards>;
