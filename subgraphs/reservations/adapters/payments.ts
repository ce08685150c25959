import type { Kernel } from '@madang/kernel/context';
import { Refused } from '@madang/kernel/domain';
import { type Edge, Unavailable } from '@madang/kernel/resilience';
import { ApprovePaymentDocument, type ApprovePaymentMutation, CancelPaymentDocument } from '../generated/payments.ts';
import type { PaymentAnswer, Payments, Unknown } from '../ports.ts';

const WAIT_SECONDS = 5;

/** One that is being cancelled by now was not paid for this request. */
function answerOf({ id: paymentId, status, declineReason }: ApprovePaymentMutation['approvePayment']): PaymentAnswer {
  if (status === 'APPROVED') return { kind: status, paymentId };
  if (status === 'DECLINED') return { kind: status, reason: declineReason ?? status };
  return { kind: 'UNKNOWN', sent: true, retryAfterSeconds: 1, why: `the payment is ${status}` };
}

/** The payments context, through its edge; `context` is who the payments are for. */
export function paymentsAt(edge: Edge, context: string, log: Kernel['log']): Payments {
  function unknown(error: unknown): Unknown {
    if (error instanceof Unavailable) return { kind: 'UNKNOWN', sent: error.sent, retryAfterSeconds: error.retryAfterSeconds, why: error };
    // A refusal that is no business of the customer's: our own fault.
    log.error({ err: error }, 'payments refused what they should not');
    return { kind: 'UNKNOWN', sent: true, retryAfterSeconds: WAIT_SECONDS, why: error };
  }

  return {
    async charge({ accountId, reservationId: reference, amount, title: orderName }, cause) {
      const input = { accountId, context, reference, amount, orderName, idempotencyKey: reference };
      try {
        return answerOf((await edge.call(ApprovePaymentDocument, { input }, cause)).approvePayment);
      } catch (error) {
        if (error instanceof Refused && error.code === 'PAYMENT_METHOD_REQUIRED') return { kind: 'NO_PAYMENT_METHOD' };
        return unknown(error);
      }
    },

    async giveBack({ accountId, reservationId: reference }, cause) {
      try {
        await edge.call(CancelPaymentDocument, { input: { accountId, context, reference, idempotencyKey: reference } }, cause);
        return null;
      } catch (error) {
        return unknown(error);
      }
    },
  };
}
