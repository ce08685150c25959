import type { Kernel } from '@madang/kernel/context';
import { Refused } from '@madang/kernel/domain';
import { type Edge, Unavailable } from '@madang/kernel/resilience';
import { ApprovePaymentDocument, type ApprovePaymentMutation, CancelPaymentDocument } from '../generated/payments.ts';
import type { Bill, PaymentAnswer, Payments } from '../ports.ts';

/** An application that waits is looked at again at least this often: payments may be back sooner than they thought. */
const LONGEST_WAIT_MS = 5_000;
const LONGEST_NAME = 100;

/** What the receipt says, cut to what it has room for. */
function orderName({ title, quantity }: Bill): string {
  const copies = quantity === 1 ? '' : ` ${quantity}권`;
  return `${[...title].slice(0, LONGEST_NAME - copies.length).join('')}${copies}`;
}

function answerOf({ id: paymentId, status, declineReason }: ApprovePaymentMutation['approvePayment']): PaymentAnswer {
  return status === 'DECLINED' ? { kind: status, paymentId, reason: declineReason ?? 'DECLINED' } : { kind: status, paymentId };
}

/** The payments context, through its edge; `context` is who the payments are for. */
export function paymentsAt(edge: Edge, context: string, log: Kernel['log']): Payments {
  function unknown(error: unknown): Extract<PaymentAnswer, { kind: 'UNKNOWN' }> {
    if (error instanceof Unavailable)
      return { kind: 'UNKNOWN', askAgainInMs: Math.min(error.retryAfterSeconds * 1_000, LONGEST_WAIT_MS), why: error };
    // A refusal that is no business of the student's: our own fault, and mended by us, not by rejecting what they want.
    log.error({ err: error }, 'payments refused what they should not');
    return { kind: 'UNKNOWN', askAgainInMs: LONGEST_WAIT_MS, why: error };
  }

  return {
    async charge(bill, cause) {
      const { accountId, applicationId: reference, amount } = bill;
      const input = { accountId, context, reference, amount, orderName: orderName(bill), idempotencyKey: reference };
      try {
        const { approvePayment } = await edge.call(ApprovePaymentDocument, { input }, cause);
        return answerOf(approvePayment);
      } catch (error) {
        if (error instanceof Refused && error.code === 'PAYMENT_METHOD_REQUIRED') return { kind: 'NO_PAYMENT_METHOD' };
        return unknown(error);
      }
    },

    async giveBack({ accountId, applicationId: reference }, cause) {
      try {
        await edge.call(CancelPaymentDocument, { input: { accountId, context, reference, idempotencyKey: reference } }, cause);
        return null;
      } catch (error) {
        return unknown(error);
      }
    },
  };
}
