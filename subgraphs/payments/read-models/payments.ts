import { type Actor, hasRole, notFound, Refused } from '@madang/kernel/domain';
import { type Connection, connectionOf, pageOf } from '@madang/kernel/graphql';
import { type Rows, sql } from '@madang/kernel/prisma';
import DataLoader from 'dataloader';
import { type PaymentRow, paymentOf } from '../adapters/payment-rows.ts';
import { isTombstone, type Payment } from '../payment/payment.ts';

/** A payment that somebody may be shown: one that is still only asked for is nothing yet. */
export type ShownPayment = Exclude<Payment, { status: 'REQUESTED' }>;

/** An account, as far as payments know it. */
export interface Payer {
  readonly id: string;
}

export interface PaymentsArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly status?: ShownPayment['status'] | null | undefined;
}

const STAFF = ['MANAGER', 'ADMIN'];

/** Whether the account's payments are shown to the actor. */
export const maySee = (actor: Actor, accountId: string): boolean =>
  actor.kind === 'service' || hasRole(actor, ...STAFF) || (actor.kind === 'user' && actor.accountId === accountId);

export const isShown = (payment: Payment): payment is ShownPayment => payment.status !== 'REQUESTED';

/** What an account was charged, declined and given back. */
export function payments(rows: Rows<PaymentRow>) {
  const loader = (actor: Actor): PaymentLoader =>
    new DataLoader(async (ids) => {
      const byId = new Map((await rows.among('id', ids)).map((row) => [row.id, paymentOf(row)]));
      return ids.map((id) => {
        const payment = byId.get(id);
        return payment && isShown(payment) && maySee(actor, payment.accountId) ? payment : null;
      });
    });
  return {
    /** By id, those that the actor may see. */
    loader,

    /** @throws Refused UNAUTHENTICATED, NOT_FOUND */
    one(actor: Actor, byId: PaymentLoader, id: string): Promise<ShownPayment> {
      if (actor.kind === 'anonymous') throw new Refused('UNAUTHENTICATED', 'Sign in first.');
      return existing(byId, id);
    },

    /** Newest first. Tombstones are left out: nothing was ever to be paid. */
    async ofAccount(actor: Actor, accountId: string, { first, after, status }: PaymentsArguments): Promise<Connection<ShownPayment>> {
      const page = pageOf({ first, after });
      if (!maySee(actor, accountId)) return connectionOf<ShownPayment>([], first, ({ id }) => id, { after });
      const found = await rows.newest(page, [
        sql`"accountId" = ${accountId}`,
        sql`"orderName" IS NOT NULL`,
        status ? sql`"status" = ${status}` : sql`"status" <> 'REQUESTED'`,
      ]);
      return connectionOf(found.map(paymentOf).filter(isShown), first, ({ id }) => id, { after });
    },
  };
}

export type Payments = ReturnType<typeof payments>;
export type PaymentLoader = DataLoader<string, ShownPayment | null>;

/**
 * A payment as a command left it: that is never one which is only asked for.
 * @throws TypeError for such a one
 */
export function shown(payment: Payment): ShownPayment {
  if (isShown(payment)) return payment;
  throw new TypeError('a payment was answered before it was decided');
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** The payment, null unless there is one that the actor may see. */
export const found = async (loader: PaymentLoader, id: string | undefined): Promise<ShownPayment | null> =>
  id && UUID.test(id) ? loader.load(id) : null;

/** @throws Refused NOT_FOUND unless there is one that the actor may see */
export async function existing(loader: PaymentLoader, id: string): Promise<ShownPayment> {
  const payment = await found(loader, id);
  if (payment === null) throw notFound('The payment');
  return payment;
}

/** What a payment has only in some of its states. */
export const details = (payment: ShownPayment) => ({
  method: isTombstone(payment) ? null : payment.method,
  declineReason: payment.status === 'DECLINED' ? payment.declineReason : null,
  refunded: payment.status === 'CANCELLED' ? payment.refunded : 0,
  approvedAt: 'approvedAt' in payment ? payment.approvedAt : null,
  cancelledAt: payment.status === 'CANCELLED' ? payment.cancelledAt : null,
});
