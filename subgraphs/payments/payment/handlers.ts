import type { Cause, Kernel } from '@madang/kernel/context';
import { tryAgainLater } from '@madang/kernel/domain';
import type { PaymentStore } from '../adapters/payment-store.ts';
import { approvePayment, cancelPayment } from './commands.ts';
import { decideApprove, decideCancel } from './decide.ts';
import { CANCEL, CHARGE, type Effects } from './effects.ts';
import { type Payment, payment } from './payment.ts';

/** The commands on payments. */
export function paymentHandlers(kernel: Kernel, payments: PaymentStore, effects: Effects) {
  return {
    /** @throws Refused PAYMENT_METHOD_REQUIRED, IDEMPOTENCY_CONFLICT, TRY_AGAIN_LATER */
    async approvePayment(raw: unknown, cause: Cause): Promise<Payment> {
      const input = approvePayment.parse(raw);
      const found = await payments.find(input);
      const { state, version, events } = await kernel.execute({
        aggregate: payment,
        store: payments.by(input),
        key: input.reference,
        known: found.payment,
        input: { ...input, paymentId: kernel.newId(), method: found.chargeable?.method ?? null },
        decide: decideApprove,
        cause,
        alongside: ({ id }, [asked]) => (asked ? { open: [{ kind: CHARGE, key: id, payload: {}, dueInMs: effects.dueInMs }] } : {}),
      });
      if (state.status !== 'REQUESTED') return state;
      const known = events.length > 0 ? { loaded: { state, version }, chargeable: found.chargeable } : undefined;
      const charged = await effects.charge(state.id, cause, known).catch(effects.unanswered);
      if (charged === null || charged.status === 'REQUESTED') throw tryAgainLater(1, 'The payment processor');
      return charged;
    },

    /** Accepted whatever is down; the answer is the payment as it is now. */
    async cancelPayment(raw: unknown, cause: Cause): Promise<Payment> {
      const input = cancelPayment.parse(raw);
      const { state } = await kernel.execute({
        aggregate: payment,
        store: payments.by({ ...input, idempotencyKey: '' }),
        key: input.reference,
        input: { ...input, paymentId: kernel.newId() },
        decide: decideCancel,
        cause,
        alongside: ({ id, status }) =>
          status === 'APPROVED' || status === 'CANCELLING'
            ? { open: [{ kind: CANCEL, key: id, payload: {}, dueInMs: effects.dueInMs }], close: [{ kind: CHARGE, key: id }] }
            : {},
      });
      if (state.status !== 'APPROVED' && state.status !== 'CANCELLING') return state;
      await effects.cancel(state.id, cause).catch(effects.unanswered);
      return (await payments.byId.load(state.id))?.state ?? state;
    },
  };
}
