import { type Cause, type IntentHandler, type Kernel, type Loaded, RetryLater } from '@madang/kernel/context';
import { joining, Unavailable } from '@madang/kernel/resilience';
import type { Chargeable, PaymentStore } from '../adapters/payment-store.ts';
import { type Deliveries, type PaymentProcessor, ProcessorUnavailable } from '../ports.ts';
import { type ChargeOutcome, decideBeginRefund, decideRecordCharge, decideRecordRefund } from './decide.ts';
import { isTombstone, type Payment, payment } from './payment.ts';

/** Intents, by the payment's id: find out what became of the charge; give back what was charged. */
export const CHARGE = 'charge-payment';
export const CANCEL = 'cancel-payment';

const REFUSED: ChargeOutcome = { approved: false, reason: 'METHOD_REMOVED' };

/** By which keys the processor knows a payment's charge and its refund. */
export const chargeKey = (paymentId: string): string => `charge:${paymentId}`;
export const refundKey = (paymentId: string): string => `refund:${paymentId}`;

export interface EffectsOptions {
  readonly kernel: Kernel;
  readonly payments: PaymentStore;
  readonly processor: PaymentProcessor;
  readonly deliveries: Deliveries;
  /** How long the longest of them takes, ms: the sweep stays away from what is just being done. */
  readonly dueInMs: number;
}

/** What happens outside of the database: at once in the request, and again by the sweep until it is decided. Every one can be done any number of times. */
export function paymentEffects({ kernel, payments, processor, deliveries, dueInMs }: EffectsOptions) {
  const joined = joining<Payment | null>();

  async function outcomeOf(state: Payment & { status: 'REQUESTED' }, chargeable: Chargeable | null): Promise<ChargeOutcome> {
    const idempotencyKey = chargeKey(state.id);
    if (chargeable === null) return (await processor.withdraw({ idempotencyKey })).chargeId === null ? REFUSED : { approved: true };
    const answer = await processor.charge({ token: chargeable.token, amount: state.amount, idempotencyKey });
    if (answer.outcome === 'DECLINED') return { approved: false, reason: answer.reason };
    return answer.outcome === 'CHARGED' ? { approved: true } : REFUSED;
  }

  async function charge(
    id: string,
    cause: Cause,
    known?: { loaded: Loaded<Payment>; chargeable: Chargeable | null },
  ): Promise<Payment | null> {
    const loaded = known?.loaded ?? (await payments.byId.load(id));
    const close = [{ kind: CHARGE, key: id }];
    if (loaded?.state.status !== 'REQUESTED') {
      await kernel.commit(cause, { close });
      return loaded?.state ?? null;
    }
    const chargeable = known ? known.chargeable : await payments.stillChargeable(loaded.state.method);
    const input = await outcomeOf(loaded.state, chargeable);
    const { state } = await kernel.execute({
      aggregate: payment,
      store: payments.byId,
      key: id,
      known: loaded,
      input,
      decide: decideRecordCharge,
      cause,
      alongside: () => ({ close }),
    });
    return state;
  }

  async function cancel(id: string, cause: Cause): Promise<Payment | null> {
    const { byId: store } = payments;
    const close = [{ kind: CANCEL, key: id }];
    let state = (await store.load(id))?.state;
    if (state?.status === 'APPROVED') {
      const { accountId, reference: applicationId } = state;
      if ((await deliveries.cancel({ accountId, applicationId }, cause)) === 'CANCELLED')
        ({ state } = await kernel.execute({ aggregate: payment, store, key: id, input: {}, decide: decideBeginRefund, cause }));
    }
    if (state?.status !== 'CANCELLING' || isTombstone(state)) {
      await kernel.commit(cause, { close });
      return state ?? null;
    }
    const { amount } = state;
    const { chargeId } = await processor.withdraw({ idempotencyKey: chargeKey(id) });
    if (chargeId !== null) await processor.refund({ chargeId, amount, idempotencyKey: refundKey(id) });
    const input = { refunded: chargeId === null ? 0 : amount };
    return (
      await kernel.execute({ aggregate: payment, store, key: id, input, decide: decideRecordRefund, cause, alongside: () => ({ close }) })
    ).state;
  }

  const effects = {
    dueInMs,
    /** The payment as the processor's answer left it; null when there is none. `known` spares reading what has just been written. */
    charge: (id: string, cause: Cause, known?: Parameters<typeof charge>[2]) => joined(`${CHARGE}/${id}`, () => charge(id, cause, known)),
    /** The payment as it is when its delivery refused to stop, or when the money is back. */
    cancel: (id: string, cause: Cause) => joined(`${CANCEL}/${id}`, () => cancel(id, cause)),
    /** In a request: no answer is no fault, the sweep goes on with it. */
    unanswered(error: unknown): null {
      if (error instanceof ProcessorUnavailable || error instanceof Unavailable) return null;
      throw error;
    },
  };
  const swept =
    (effect: (id: string, cause: Cause) => Promise<unknown>): IntentHandler =>
    async ({ key }, cause) => {
      await effect(key, cause).catch((error: unknown) => {
        throw error instanceof ProcessorUnavailable ? new RetryLater(500 + Math.random() * 500, error.message, error) : error;
      });
    };
  const intents: Readonly<Record<string, IntentHandler>> = { [CHARGE]: swept(effects.charge), [CANCEL]: swept(effects.cancel) };
  return { ...effects, intents };
}

export type Effects = ReturnType<typeof paymentEffects>;
