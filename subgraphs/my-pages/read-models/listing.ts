import { connectionOf, type PageArguments, pageOf } from '@madang/kernel/graphql';
import type { Row, View } from './view.ts';

/** A page of rows in one status, or in any. */
export interface StatusArguments<Status extends string> extends PageArguments {
  readonly status?: Status | null | undefined;
}

/** A view's table, as far as it is read: a delegate of Prisma's client. */
interface Table<R, Where> {
  findMany(query: { where: { AND: (Where | Span)[] }; orderBy: { id: 'desc' }; take: number }): PromiseLike<R[]>;
  findUnique(query: { where: { id: string } }): PromiseLike<R | null>;
}

/** Whose rows, and those behind which one. */
interface Span {
  readonly accountId?: string;
  readonly id?: { readonly lt: string };
}

/**
 * How a view is read: in pages, newest first, or one row. `where` is to find nothing but rows that are shown, otherwise pages are too short.
 */
export function listing<R extends Row, Shown extends { readonly id: string; readonly status: string }, Where extends object, Args>(
  { shown }: View<R, Shown>,
  table: Table<R, Where>,
  where: (args: Args) => Where,
) {
  async function list(args: Args & PageArguments, whose: Span) {
    const { first, after } = args;
    const { take, cursorId } = pageOf({ first, after });
    const span = cursorId === undefined ? whose : { ...whose, id: { lt: cursorId } };
    const rows = await table.findMany({ where: { AND: [where(args), span] }, orderBy: { id: 'desc' }, take });
    return connectionOf(
      rows.flatMap((row) => shown(row) ?? []),
      first,
      ({ id }) => id,
      { after },
    );
  }

  return {
    ofAccount: (accountId: string, args: Args & PageArguments) => list(args, { accountId }),
    ofEverybody: (args: Args & PageArguments) => list(args, {}),

    async one(id: string): Promise<Shown | null> {
      const row = await table.findUnique({ where: { id } });
      return row && shown(row);
    },
  };
}
