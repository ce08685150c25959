import type { Kernel } from '@madang/kernel/context';
import { Refused } from '@madang/kernel/domain';
import { type Edge, Unavailable } from '@madang/kernel/resilience';
import { ApprovePaymentDocument, type ApprovePaymentMutation, CancelPaymentDocument } from '../generated/payments.ts';
import type { PaymentAnswer, Payments, Unknown } from '../ports.ts';

/** What is to be given back is looked at again at least this often: payments may be back sooner than they thought. */
const LONGEST_WAIT_MS = 5_000;

function answerOf({ id: paymentId, status, declineReason }: ApprovePaymentMutation['approvePayment']): PaymentAnswer {
  if (status === 'APPROVED') return { kind: status, paymentId };
  if (status === 'DECLINED') return { kind: status, reason: declineReason ?? 'DECLINED' };
  return { kind: 'GONE' };
}

/** The payments context, through its edge; `context` is who the payments are for. */
export function paymentsAt(edge: Edge, context: string, log: Kernel['log']): Payments {
  function unknown(error: unknown): Unknown {
    if (error instanceof Unavailable) {
      const askAgainInMs = Math.min(error.retryAfterSeconds * 1_000, LONGEST_WAIT_MS);
      return { kind: 'UNKNOWN', sent: error.sent, askAgainInMs, why: error };
    }
    // A refusal that is no business of the customer's: our own fault.
    log.error({ err: error }, 'payments refused what they should not');
    return { kind: 'UNKNOWN', sent: true, askAgainInMs: LONGEST_WAIT_MS, why: error };
  }

  return {
    async charge({ ticketId: reference, ...bill }, cause) {
      try {
        const input = { ...bill, context, reference, idempotencyKey: reference };
        const { approvePayment } = await edge.call(ApprovePaymentDocument, { input }, cause);
        return answerOf(approvePayment);
      } catch (error) {
        if (error instanceof Refused && error.code === 'PAYMENT_METHOD_REQUIRED') return { kind: 'NO_PAYMENT_METHOD' };
        return unknown(error);
      }
    },

    async giveBack({ accountId, ticketId: reference }, cause) {
      try {
        await edge.call(CancelPaymentDocument, { input: { accountId, context, reference, idempotencyKey: reference } }, cause);
        return null;
      } catch (error) {
        return unknown(error);
      }
    },
  };
}
