import { type Actor, hasRole, notFound, requireRole, requireUser, id as uuid } from '@madang/kernel/domain';
import { type Connection, connectionOf, type PageArguments, pageOf } from '@madang/kernel/graphql';
import { type Rows, type Sql, sql } from '@madang/kernel/prisma';
import DataLoader from 'dataloader';
import { WHAT } from '../decide.ts';
import type { Address } from '../delivery.ts';
import type { DeliveryStatus, Delivery as Row } from '../generated/prisma/client.ts';

/** A delivery as it is shown. */
export type DeliveryRow = Omit<Row, 'version' | 'address'> & { readonly address: Address | null };

export type DeliveryLoader = DataLoader<string, DeliveryRow | null>;

type ListArguments = PageArguments & { readonly status?: DeliveryStatus | null | undefined };

const NOTHING: DeliveryRow[] = [];
const shown = (row: Row): DeliveryRow => ({ ...row, address: row.address as unknown as Address | null });

/** A delivery is there for whoever it is for, for staff, and for other contexts. */
export const sees = (actor: Actor, accountId: string): boolean =>
  actor.kind === 'service' || hasRole(actor, 'MANAGER', 'ADMIN') || (actor.kind === 'user' && actor.accountId === accountId);

/** Answers: what is delivered, and how far is it? */
export function deliveries(rows: Rows<Row>) {
  const find = async (id: string) => (uuid.safeParse(id).success ? rows.one('id', id) : null);

  async function page(whose: Sql[], { first, after, status }: ListArguments): Promise<Connection<DeliveryRow>> {
    const found = await rows.newest(pageOf({ first, after }), status ? [...whose, sql`"status" = ${status}`] : whose);
    return connectionOf(found.map(shown), first, ({ id }) => id, { after });
  }

  return {
    /** @throws Refused UNAUTHENTICATED, NOT_FOUND */
    async byId(id: string, actor: Actor): Promise<DeliveryRow> {
      if (actor.kind === 'anonymous') requireUser(actor);
      const row = await find(id);
      if (!row || !sees(actor, row.accountId)) throw notFound(WHAT);
      return shown(row);
    },

    /** Whether the actor may watch an application's delivery; one that has not begun is watched by its account's events. @throws Refused NOT_FOUND */
    async allowApplication(applicationId: string, actor: Actor): Promise<void> {
      const row = await rows.one('applicationId', applicationId);
      if (row && !sees(actor, row.accountId)) throw notFound(WHAT);
    },

    /** Newest first; empty for anybody else than the account and staff. @throws Refused BAD_INPUT */
    async ofAccount(accountId: string, list: ListArguments, actor: Actor): Promise<Connection<DeliveryRow>> {
      if (sees(actor, accountId)) return page([sql`"accountId" = ${accountId}`], list);
      pageOf(list);
      return connectionOf(NOTHING, list.first, ({ id }) => id);
    },

    /** Everybody's, newest first. @throws Refused UNAUTHENTICATED, FORBIDDEN, BAD_INPUT */
    async operations(list: ListArguments, actor: Actor): Promise<Connection<DeliveryRow>> {
      requireRole(actor, 'MANAGER', 'ADMIN');
      return page([], list);
    },

    /** Those that the actor sees; null for the others. */
    loader: (actor: Actor): DeliveryLoader =>
      new DataLoader(async (ids) => {
        const some = await rows.among(
          'id',
          ids.filter((id) => uuid.safeParse(id).success),
        );
        const found = new Map(some.flatMap((row) => (sees(actor, row.accountId) ? [[row.id, shown(row)] as const] : [])));
        return ids.map((id) => found.get(id) ?? null);
      }),
  };
}

export type DeliveriesModel = ReturnType<typeof deliveries>;
