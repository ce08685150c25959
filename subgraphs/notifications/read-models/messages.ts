import { type Actor, hasRole, notFound } from '@madang/kernel/domain';
import { connectionOf, pageOf } from '@madang/kernel/graphql';
import DataLoader from 'dataloader';
import { messageOf } from '../adapters/message-store.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Message } from '../message.ts';

export interface MessagesArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly unread?: boolean | null | undefined;
}

/** An account, as far as this context knows it. */
export interface AccountOfMessages {
  readonly id: string;
}

const maySee = (actor: Actor, accountId: string): boolean =>
  actor.kind === 'service' || hasRole(actor, 'MANAGER', 'ADMIN') || (actor.kind === 'user' && actor.accountId === accountId);

/** What has an account been told? */
export const messages = (prisma: PrismaClient) => ({
  /** Newest first; none for those whom it does not concern. */
  async ofAccount(actor: Actor, accountId: string, { first, after, unread }: MessagesArguments) {
    const { take, cursorId } = pageOf({ first, after });
    const where = {
      accountId,
      ...(unread ? { status: 'SENT' as const } : {}),
      ...(cursorId === undefined ? {} : { id: { lt: cursorId } }),
    };
    const rows = maySee(actor, accountId) ? await prisma.message.findMany({ where, orderBy: { id: 'desc' }, take }) : [];
    return connectionOf(rows.map(messageOf), first, ({ id }) => id, { after });
  },

  /** By id, of those that the actor may see. */
  byId: (actor: Actor) =>
    new DataLoader<string, Message | null>(async (ids) => {
      const rows = await prisma.message.findMany({ where: { id: { in: [...ids] } } });
      const found = new Map(rows.filter(({ accountId }) => maySee(actor, accountId)).map((row) => [row.id, messageOf(row)]));
      return ids.map((id) => found.get(id) ?? null);
    }),
});

/** @throws Refused NOT_FOUND */
export async function existing(loaders: Loaders, id: string): Promise<Message> {
  const message = await loaders.messages.load(id);
  if (message === null) throw notFound('The message');
  return message;
}

export type Messages = ReturnType<typeof messages>;
export type Loaders = { readonly messages: DataLoader<string, Message | null> };
