import type { Cause, Kernel } from '@madang/kernel/context';
import { Refused, service } from '@madang/kernel/domain';
import { sql } from '@madang/kernel/prisma';
import type { Role } from './events.ts';
import type { Handlers } from './handlers.ts';

const demo = (digit: number, name: string, displayName: string, role: Role) => ({
  id: `01900000-0000-7000-8000-00000000000${digit}`,
  email: `${name}@madang.example`,
  password: 'madang-demo-1',
  displayName,
  role,
});

/** One account of each role; everybody is a CUSTOMER too. */
export const demoAccounts = [
  demo(1, 'customer', '김손님', 'CUSTOMER'),
  demo(2, 'manager', '이담당', 'MANAGER'),
  demo(3, 'trainer', '박강사', 'TRAINER'),
  demo(4, 'admin', '최관리', 'ADMIN'),
] as const;

/** Opens the demo accounts that are not there yet; one query when all are. */
export async function seedDemo(kernel: Kernel, handlers: Handlers): Promise<void> {
  const cause: Cause = { actor: service(kernel.name), correlationId: kernel.newId() };
  const rows = await kernel.db.query<{ id: string; roles: string[] }>(
    sql`SELECT "id"::text, "roles"::text[] FROM "Account" WHERE "id" = ANY(${demoAccounts.map(({ id }) => id)}::uuid[])`,
  );
  const open = new Map(rows.map(({ id, roles }) => [id, roles]));
  const seed = async ({ id, role, ...account }: (typeof demoAccounts)[number]) => {
    // Of replicas that start at once, one opens it.
    if (!open.has(id)) await handlers.openAccount(account, cause, id).catch(unless('EMAIL_TAKEN'));
    if (role !== 'CUSTOMER' && !open.get(id)?.includes(role)) await handlers.grantRole({ accountId: id, role }, cause);
  };
  // Not there after all: somebody else had signed up with its e-mail.
  await Promise.all(demoAccounts.map((account) => seed(account).catch(unless('NOT_FOUND'))));
}

const unless = (code: string) => (error: unknown) => {
  if (!(error instanceof Refused && error.code === code)) throw error;
};
