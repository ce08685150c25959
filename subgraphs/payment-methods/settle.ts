import type { Cause, IntentHandler, Kernel, Store } from '@madang/kernel/context';
import { Refused } from '@madang/kernel/domain';
import { methodWrites } from './adapters/payment-method-store.ts';
import { decideSettle, decideTakeOver } from './decide.ts';
import { type PaymentMethodEvent, type PaymentMethods, type Pending, paymentMethods } from './payment-methods.ts';
import type { BillingKeys } from './ports.ts';

/** An intent for every change that payments is asked for: find out what became of it, where the request that asked did not. */
export const SETTLE = 'settle-change';

export const settleKey = (accountId: string, revision: number): string => `${accountId}/${revision}`;

/** What the change came to. The number is not known any more: what needs it is not done now, only found out or undone. */
async function found(keys: BillingKeys, accountId: string, pending: Pending, settling: number, cause: Cause): Promise<boolean> {
  const key = { accountId, paymentMethodId: pending.paymentMethodId, revision: settling };
  try {
    switch (pending.change) {
      case 'REGISTER':
        await keys.revoke(key, cause);
        return false;
      case 'NUMBER':
        return (await keys.inspect(key, cause)).revision === pending.revision;
      case 'DEFAULT':
        return (await keys.inspect(key, cause)).isDefault;
      case 'REMOVE':
        await keys.revoke(key, cause);
        return true;
    }
  } catch (error) {
    if (error instanceof Refused && error.code === 'NOT_FOUND') return false;
    throw error;
  }
}

/** Takes the change over from whoever asked, asks payments how it is, and records that. */
export function settling(kernel: Kernel, store: Store<PaymentMethods>, keys: BillingKeys): IntentHandler {
  return async ({ key, payload }, cause) => {
    const { accountId, revision } = payload as { accountId: string; revision: number };
    const on = { aggregate: paymentMethods, store, key: accountId, cause };
    const close = [{ kind: SETTLE, key }];
    const { pending } = (await kernel.execute({ ...on, input: { revision }, decide: decideTakeOver })).state;
    if (pending?.revision !== revision || pending.settling === null) return kernel.commit(cause, { close });
    const input = { settling: pending.settling, done: await found(keys, accountId, pending, pending.settling, cause) };
    const alongside = (state: PaymentMethods, events: readonly PaymentMethodEvent[]) => ({ writes: methodWrites(state, events), close });
    await kernel.execute({ ...on, input, decide: decideSettle, alongside });
  };
}
