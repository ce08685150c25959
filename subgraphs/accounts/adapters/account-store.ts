import type { Store } from '@madang/kernel/context';
import { id as uuid } from '@madang/kernel/domain';
import { saveRow, sql, type Write, write } from '@madang/kernel/prisma';
import type { Account } from '../account.ts';
import type { Account as AccountRow, PrismaClient } from '../generated/prisma/client.ts';

const stateOf = ({ id, displayName, roles, messengerChannel, messengerChatId }: AccountRow): Account => ({
  id,
  displayName,
  roles,
  messenger: messengerChannel && messengerChatId ? { channel: messengerChannel, chatId: messengerChatId } : null,
});

const loaded = (row: AccountRow | null) => row && { state: stateOf(row), version: row.version };

const save = ({ id, displayName, roles, messenger }: Account, version: number): Write =>
  saveRow('Account', { id, displayName, roles, messengerChannel: messenger?.channel, messengerChatId: messenger?.chatId }, version);

/** Accounts by their id; another issuer's ids may be of any form. */
export const accountsById = (prisma: PrismaClient): Store<Account> => ({
  load: async (id) => (uuid.safeParse(id).success ? loaded(await prisma.account.findUnique({ where: { id } })) : null),
  save,
});

/** Accounts by their e-mail, for signing up. */
export const accountsByEmail = (prisma: PrismaClient): Store<Account> => ({
  load: async (email) => loaded(await prisma.account.findFirst({ where: { credential: { email } } })),
  save,
});

/** What a new account signs in with; the e-mail must be free. */
export const newCredential = (accountId: string, email: string, passwordHash: string): Write =>
  write(sql`INSERT INTO "Credential" ("accountId", "email", "passwordHash") VALUES (${accountId}::uuid, ${email}, ${passwordHash})`);
