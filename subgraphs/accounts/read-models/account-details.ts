import { type Actor, hasRole, notFound, requireRole, id as uuid } from '@madang/kernel/domain';
import { type Database, sql } from '@madang/kernel/prisma';
import DataLoader from 'dataloader';
import type { Messenger } from '../account.ts';
import type { Role } from '../events.ts';

/** An account as somebody sees it; null is what is not for them. */
export interface AccountDetails {
  readonly id: string;
  readonly displayName: string | null;
  readonly email: string | null;
  readonly roles: Role[] | null;
  readonly openedAt: Date | null;
  readonly messenger: Messenger | null;
}

/** An account in an answer: its id, and the details where they are at hand already. */
export type AccountShown = Pick<AccountDetails, 'id'> & Partial<AccountDetails>;

export type AccountLoader = DataLoader<string, AccountDetails>;

type Row = {
  id: string;
  displayName: string;
  email: string;
  roles: Role[];
  openedAt: Date;
  messenger: Messenger | null;
};

const hidden = { displayName: null, email: null, roles: null, openedAt: null, messenger: null };

/** Everything for the account itself and ADMIN, the name for whoever works with customers, nothing for anybody else. */
export function shown(row: Row, actor: Actor): AccountDetails {
  if (hasRole(actor, 'ADMIN') || (actor.kind === 'user' && actor.accountId === row.id)) return row;
  return { ...hidden, id: row.id, displayName: hasRole(actor, 'MANAGER', 'TRAINER') ? row.displayName : null };
}

/** Answers: who is this account? */
export function accountDetails(db: Database) {
  const rows = (ids: readonly string[]) =>
    db.query<Row>(sql`SELECT a."id"::text, a."displayName", c."email", a."roles"::text[], a."openedAt",
        CASE WHEN a."messengerChannel" IS NOT NULL THEN json_build_object('channel', a."messengerChannel", 'chatId', a."messengerChatId") END AS "messenger"
      FROM "Account" a JOIN "Credential" c ON c."accountId" = a."id"
      WHERE a."id" = ANY(${ids.filter((id) => uuid.safeParse(id).success)}::uuid[])`);

  return {
    /** The account, as ADMIN sees it. @throws Refused UNAUTHENTICATED, FORBIDDEN, NOT_FOUND */
    async byId(id: string, actor: Actor): Promise<AccountDetails> {
      requireRole(actor, 'ADMIN');
      const [row] = await rows([id]);
      if (!row) throw notFound('The account');
      return shown(row, actor);
    },

    /** What the actor sees of accounts; one that is not there looks like one that is not for them. */
    loader: (actor: Actor): AccountLoader =>
      new DataLoader(async (ids) => {
        const found = new Map((await rows(ids)).map((row) => [row.id, shown(row, actor)]));
        return ids.map((id) => found.get(id) ?? { ...hidden, id });
      }),
  };
}

export type AccountDetailsModel = ReturnType<typeof accountDetails>;
