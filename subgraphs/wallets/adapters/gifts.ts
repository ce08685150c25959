import type { Kernel } from '@madang/kernel/context';
import { Refused } from '@madang/kernel/domain';
import { type Edge, LateRefusal, Unavailable } from '@madang/kernel/resilience';
import { ActivateGiftDocument, IssueGiftDocument, VoidGiftDocument } from '../generated/gifts.ts';
import type { Gifts, IssueAnswer, Unknown } from '../ports.ts';

const AFTER_REFUSAL_SECONDS = 5;

type Said = Extract<IssueAnswer, { kind: 'REFUSED' }>['reason'];
const SAID = new Set<string>(['SOLD_OUT', 'NOT_FOUND', 'PRICE_CHANGED', 'EXCHANGE_VOIDED'] satisfies Said[]);
const isSaid = (code: string): code is Said => SAID.has(code);

/** The gifts context, through its edge. */
export function giftsAt(edge: Edge, log: Kernel['log']): Gifts {
  function unknown(why: unknown): Unknown {
    if (why instanceof Unavailable) return { kind: 'UNKNOWN', certain: !why.sent, retryAfterSeconds: why.retryAfterSeconds, why };
    // A refusal that is no business of the customer's: our own fault.
    log.error({ err: why }, 'gifts refused what they should not');
    return { kind: 'UNKNOWN', certain: false, retryAfterSeconds: AFTER_REFUSAL_SECONDS, why };
  }

  async function settled(call: Promise<unknown>): Promise<Unknown | null> {
    try {
      await call;
      return null;
    } catch (why) {
      return unknown(why);
    }
  }

  return {
    async issue({ id: exchangeId, accountId, giftItemId, points }, cause) {
      try {
        const input = { accountId, exchangeId, giftItemId, points, idempotencyKey: exchangeId };
        const { issueGift } = await edge.call(IssueGiftDocument, { input }, cause);
        return { kind: 'ISSUED', giftId: issueGift.id };
      } catch (error) {
        if (!(error instanceof Refused) || !isSaid(error.code)) return unknown(error);
        return { kind: 'REFUSED', reason: error.code, certain: !(error instanceof LateRefusal) };
      }
    },

    activate: ({ id: exchangeId, accountId }, cause) =>
      settled(edge.call(ActivateGiftDocument, { input: { accountId, exchangeId, idempotencyKey: exchangeId } }, cause)),

    void: ({ id: exchangeId, accountId }, cause) =>
      settled(edge.call(VoidGiftDocument, { input: { accountId, exchangeId, idempotencyKey: exchangeId } }, cause)),
  };
}
