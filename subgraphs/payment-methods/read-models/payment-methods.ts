import { type Actor, hasRole, notFound, Refused } from '@madang/kernel/domain';
import { type Connection, connectionOf, pageOf } from '@madang/kernel/graphql';
import { type Database, sql } from '@madang/kernel/prisma';
import DataLoader from 'dataloader';
import { methodOf } from '../adapters/payment-method-store.ts';
import type { PaymentMethod as PaymentMethodRow } from '../generated/prisma/client.ts';
import { masked } from '../numbers.ts';
import type { PaymentMethod, PaymentMethods } from '../payment-methods.ts';

/** An account, as far as payment methods know it. */
export interface OwnerAccount {
  readonly id: string;
}

/** A payment method as it is shown. */
export interface ShownMethod extends Pick<PaymentMethod, 'id' | 'kind' | 'status' | 'registeredAt'> {
  readonly accountId: string;
  readonly maskedNumber: string;
  readonly isDefault: boolean;
}

export interface PaymentMethodsArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly status?: PaymentMethod['status'] | null | undefined;
}

type Row = PaymentMethodRow & { isDefault: boolean };

const maySee = (actor: Actor, accountId: string): boolean =>
  actor.kind === 'service' || hasRole(actor, 'MANAGER', 'ADMIN') || (actor.kind === 'user' && actor.accountId === accountId);

const show = (accountId: string, { id, kind, last4, status, registeredAt }: PaymentMethod, isDefault: boolean): ShownMethod => ({
  id,
  accountId,
  kind,
  maskedNumber: masked(kind, last4),
  isDefault,
  status,
  registeredAt,
});

/** A method as a command left it. @throws Refused NOT_FOUND */
export function shown({ accountId, methods, defaultId }: PaymentMethods, id: string): ShownMethod {
  const method = methods.find((one) => one.id === id);
  if (!method) throw notFound('The payment method');
  return show(accountId, method, defaultId === id);
}

const SELECT = sql`SELECT method.*, owner."defaultId" IS NOT DISTINCT FROM method."id" AS "isDefault"
  FROM "PaymentMethod" method LEFT JOIN "Owner" owner ON owner."accountId" = method."accountId"`;

const shownRow = (row: Row): ShownMethod => show(row.accountId, methodOf(row), row.isDefault);

/** The payment methods that are, or were, registered. */
export function paymentMethodsModel(db: Database) {
  return {
    /** By id, those that the actor may see. */
    loader: (actor: Actor): PaymentMethodLoader =>
      new DataLoader(async (ids) => {
        const rows = await db.query<Row>(sql`${SELECT} WHERE method."id" = ANY(${ids}::uuid[])`);
        const byId = new Map(rows.filter(({ accountId }) => maySee(actor, accountId)).map((row) => [row.id, shownRow(row)]));
        return ids.map((id) => byId.get(id) ?? null);
      }),

    /** Newest first. */
    async ofAccount(actor: Actor, accountId: string, { first, after, status }: PaymentMethodsArguments): Promise<Connection<ShownMethod>> {
      const { take, cursorId = null } = pageOf({ first, after });
      const rows = maySee(actor, accountId)
        ? await db.query<Row>(sql`${SELECT} WHERE method."accountId" = ${accountId} AND (${cursorId}::uuid IS NULL OR method."id" < ${cursorId}::uuid)
            AND (${status ?? null}::"PaymentMethodStatus" IS NULL OR method."status" = ${status ?? null}::"PaymentMethodStatus")
            ORDER BY method."id" DESC LIMIT ${take}`)
        : [];
      return connectionOf(rows.map(shownRow), first, ({ id }) => id, { after });
    },
  };
}

export type PaymentMethodsModel = ReturnType<typeof paymentMethodsModel>;
export type PaymentMethodLoader = DataLoader<string, ShownMethod | null>;

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** The payment method, null unless there is one that the actor may see. */
export const found = async (loader: PaymentMethodLoader, id: string | undefined): Promise<ShownMethod | null> =>
  id && UUID.test(id) ? loader.load(id.toLowerCase()) : null;

/** @throws Refused UNAUTHENTICATED; NOT_FOUND unless there is one that the actor may see */
export async function existing(actor: Actor, loader: PaymentMethodLoader, id: string): Promise<ShownMethod> {
  if (actor.kind === 'anonymous') throw new Refused('UNAUTHENTICATED', 'Sign in first.');
  const method = await found(loader, id);
  if (method === null) throw notFound('The payment method');
  return method;
}
