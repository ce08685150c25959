import { type Actor, hasRole, notFound, requireRole, requireUser, id as uuid } from '@madang/kernel/domain';
import { type Connection, connectionOf, type PageArguments, pageOf } from '@madang/kernel/graphql';
import { type Rows, type Sql, sql } from '@madang/kernel/prisma';
import DataLoader from 'dataloader';
import type { TextbookApplication as Row, TextbookApplicationStatus } from '../generated/prisma/client.ts';
import { WHAT } from '../textbook-application/decide.ts';
import type { Address } from '../textbook-application/textbook-application.ts';

/** An application as it is shown. */
export type TextbookApplicationRow = Omit<Row, 'version' | 'address'> & { readonly address: Address };

export type TextbookApplicationLoader = DataLoader<string, TextbookApplicationRow | null>;

type ListArguments = PageArguments & { readonly status?: TextbookApplicationStatus | null | undefined };

const NOTHING: TextbookApplicationRow[] = [];
const shown = (row: Row): TextbookApplicationRow => ({ ...row, address: row.address as unknown as Address });

/** An application is there for who applied, for staff, and for other contexts. */
export const sees = (actor: Actor, accountId: string): boolean =>
  actor.kind === 'service' || hasRole(actor, 'MANAGER', 'ADMIN') || (actor.kind === 'user' && actor.accountId === accountId);

/** What the student should know about a status, beside its name. */
export const noticeOf = ({ status }: Pick<TextbookApplicationRow, 'status'>): string | null =>
  status === 'PAYMENT_DEFERRED' ? '결제가 지연되고 있습니다. 결제가 완료되면 배송이 시작되니 다시 신청하지 않으셔도 됩니다.' : null;

/** Answers: what was applied for, and where does it stand? Those refused at once are not there. */
export function textbookApplications(rows: Rows<Row>) {
  const find = async (id: string) => (uuid.safeParse(id).success ? rows.one('id', id) : null);
  const isThere = (row: Row | null, actor: Actor): row is Row => row?.kept === true && sees(actor, row.accountId);

  async function page(whose: Sql[], { first, after, status }: ListArguments): Promise<Connection<TextbookApplicationRow>> {
    const kept = [...whose, sql`"kept"`];
    const found = await rows.newest(pageOf({ first, after }), status ? [...kept, sql`"status" = ${status}`] : kept);
    return connectionOf(found.map(shown), first, ({ id }) => id, { after });
  }

  return {
    /** @throws Refused UNAUTHENTICATED, NOT_FOUND */
    async byId(id: string, actor: Actor): Promise<TextbookApplicationRow> {
      if (actor.kind === 'anonymous') requireUser(actor);
      const row = await find(id);
      if (!isThere(row, actor)) throw notFound(WHAT);
      return shown(row);
    },

    /** Newest first; empty for anybody else than the account and staff. @throws Refused BAD_INPUT */
    async ofAccount(accountId: string, list: ListArguments, actor: Actor): Promise<Connection<TextbookApplicationRow>> {
      if (sees(actor, accountId)) return page([sql`"accountId" = ${accountId}`], list);
      pageOf(list);
      return connectionOf(NOTHING, list.first, ({ id }) => id);
    },

    /** Everybody's, newest first. @throws Refused UNAUTHENTICATED, FORBIDDEN, BAD_INPUT */
    async operations(list: ListArguments, actor: Actor): Promise<Connection<TextbookApplicationRow>> {
      requireRole(actor, 'MANAGER', 'ADMIN');
      return page([], list);
    },

    /** Those that the actor sees; null for the others. */
    loader: (actor: Actor): TextbookApplicationLoader =>
      new DataLoader(async (ids) => {
        const some = await rows.among(
          'id',
          ids.filter((id) => uuid.safeParse(id).success),
        );
        const found = new Map(some.flatMap((row) => (isThere(row, actor) ? [[row.id, shown(row)] as const] : [])));
        return ids.map((id) => found.get(id) ?? null);
      }),
  };
}

export type TextbookApplicationsModel = ReturnType<typeof textbookApplications>;
