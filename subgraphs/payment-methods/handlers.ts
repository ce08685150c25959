import { setTimeout as wait } from 'node:timers/promises';
import type { Cause, Kernel, Store } from '@madang/kernel/context';
import { type Decide, Refused, requireUser, tryAgainLater } from '@madang/kernel/domain';
import { Unavailable } from '@madang/kernel/resilience';
import { methodWrites } from './adapters/payment-method-store.ts';
import type { RequestPrint } from './adapters/request-print.ts';
import { changePaymentMethod, makePaymentMethodDefault, registerPaymentMethod, removePaymentMethod } from './commands.ts';
import { decideAskToChange, decideAskToMakeDefault, decideAskToRegister, decideAskToRemove, decideComplete } from './decide.ts';
import { type PaymentMethodEvent, type PaymentMethods, type Pending, paymentMethods } from './payment-methods.ts';
import type { BillingKey, BillingKeys } from './ports.ts';
import { type ShownMethod, shown } from './read-models/payment-methods.ts';
import { SETTLE, settleKey, settling } from './settle.ts';

/** Longer than asking payments takes, ms: then the sweep takes over. */
const DUE_IN_MS = 3_000;
/** How long a change waits for the one before it, and how often it looks, ms. */
const PATIENCE_MS = 1_000;
const LOOK_EVERY_MS = 25;

export interface Adapters {
  readonly methods: Store<PaymentMethods>;
  readonly keys: BillingKeys;
  readonly requestPrint: RequestPrint;
}

type Ask<Input> = Decide<PaymentMethods, Input, PaymentMethodEvent>;
type Of = Parameters<BillingKeys['revoke']>[0];

/** All commands: each is stored as asked for, then done by payments, then recorded as done. */
export function handlers(kernel: Kernel, { methods, keys, requestPrint }: Adapters) {
  const on = (accountId: string, cause: Cause) => ({ aggregate: paymentMethods, store: methods, key: accountId, cause });

  /** The change, once it is its turn; null when there is nothing to change. */
  async function asked<Input>(input: Input, decide: Ask<Input>, cause: Cause): Promise<{ state: PaymentMethods; pending: Pending | null }> {
    const { accountId } = requireUser(cause.actor);
    const open = ({ pending }: PaymentMethods) =>
      pending
        ? [
            {
              kind: SETTLE,
              key: settleKey(accountId, pending.revision),
              payload: { accountId, revision: pending.revision },
              dueInMs: DUE_IN_MS,
            },
          ]
        : [];
    for (const until = Date.now() + PATIENCE_MS; ; await wait(LOOK_EVERY_MS)) {
      try {
        const { state, events } = await kernel.execute({
          ...on(accountId, cause),
          input,
          decide,
          alongside: (after, [event]) => (event ? { open: open(after) } : {}),
        });
        return { state, pending: events.length > 0 ? state.pending : null };
      } catch (error) {
        if (!(error instanceof Refused && error.code === 'TRY_AGAIN_LATER') || Date.now() > until) throw error;
      }
    }
  }

  async function complete(state: PaymentMethods, { revision }: Pending, done: boolean, cause: Cause): Promise<PaymentMethods> {
    const { accountId } = state;
    const alongside = (after: PaymentMethods, events: readonly PaymentMethodEvent[]) => ({
      writes: methodWrites(after, events),
      close: events.length > 0 ? [{ kind: SETTLE, key: settleKey(accountId, revision) }] : [],
    });
    return (await kernel.execute({ ...on(accountId, cause), input: { revision, done }, decide: decideComplete, alongside })).state;
  }

  /** @throws Refused what payments refused, or TRY_AGAIN_LATER; after either, nothing has changed or it is being found out */
  async function carriedOut(
    state: PaymentMethods,
    pending: Pending,
    call: (key: Of) => Promise<BillingKey>,
    cause: Cause,
  ): Promise<PaymentMethods> {
    const { accountId } = state;
    try {
      await call({ accountId, paymentMethodId: pending.paymentMethodId, revision: pending.revision });
    } catch (error) {
      const unknown = error instanceof Unavailable ? error.sent : !(error instanceof Refused);
      if (!unknown) await complete(state, pending, false, cause);
      if (error instanceof Unavailable) throw tryAgainLater(error.retryAfterSeconds);
      if (error instanceof Refused && error.code !== 'PAYMENT_METHOD_DECLINED')
        throw new Error(`payments refused a ${pending.change}: ${error.code}`, { cause: error });
      throw error;
    }
    return complete(state, pending, true, cause);
  }

  async function changed<Input extends { paymentMethodId: string }>(
    input: Input,
    decide: Ask<Input>,
    call: (key: Of) => Promise<BillingKey>,
    cause: Cause,
  ): Promise<ShownMethod> {
    const { state, pending } = await asked(input, decide, cause);
    return shown(pending ? await carriedOut(state, pending, call, cause) : state, input.paymentMethodId);
  }

  return {
    async registerPaymentMethod(raw: unknown, cause: Cause): Promise<ShownMethod> {
      requireUser(cause.actor);
      const { kind, number, idempotencyKey } = registerPaymentMethod.parse(raw);
      const request = idempotencyKey ? { key: idempotencyKey, print: requestPrint(kind, number) } : null;
      const { state, pending } = await asked({ paymentMethodId: kernel.newId(), kind, number, request }, decideAskToRegister, cause);
      if (pending?.change !== 'REGISTER')
        return shown(state, state.methods.find((method) => method.request?.key === idempotencyKey)?.id ?? '');
      const register = (key: Of) => keys.register({ ...key, kind, number, isDefault: pending.isDefault }, cause);
      return shown(await carriedOut(state, pending, register, cause), pending.paymentMethodId);
    },

    async changePaymentMethod(raw: unknown, cause: Cause): Promise<ShownMethod> {
      requireUser(cause.actor);
      const input = changePaymentMethod.parse(raw);
      return changed(input, decideAskToChange, (key) => keys.changeNumber({ ...key, number: input.number }, cause), cause);
    },

    async makePaymentMethodDefault(raw: unknown, cause: Cause): Promise<ShownMethod> {
      requireUser(cause.actor);
      return changed(makePaymentMethodDefault.parse(raw), decideAskToMakeDefault, (key) => keys.makeDefault(key, cause), cause);
    },

    async removePaymentMethod(raw: unknown, cause: Cause): Promise<ShownMethod> {
      requireUser(cause.actor);
      return changed(removePaymentMethod.parse(raw), decideAskToRemove, (key) => keys.revoke(key, cause), cause);
    },

    intents: { [SETTLE]: settling(kernel, methods, keys) },
  };
}

export type Handlers = ReturnType<typeof handlers>;
