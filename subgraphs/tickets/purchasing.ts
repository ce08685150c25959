import { type Cause, type IntentHandler, type Kernel, type Loaded, RetryLater, type Store } from '@madang/kernel/context';
import { Refused, tryAgainLater } from '@madang/kernel/domain';
import type { Intent } from '@madang/kernel/prisma';
import { forgetKey, startingFrom } from './adapters/ticket-store.ts';
import type { TicketsConfig } from './config.ts';
import { decideAbandon, decideExpire, decidePurchase } from './decide.ts';
import type { PaymentAnswer, Payments } from './ports.ts';
import { type Ticket, ticket, VALID_FOR_MS } from './ticket.ts';

/** The idempotency key of a purchase, which is free again when there is no ticket. */
export interface Asking {
  readonly scope: string;
  readonly key: string | null | undefined;
}

export interface PurchasingParts {
  readonly tickets: Store<Ticket>;
  readonly payments: Payments;
  readonly config: TicketsConfig;
}

const PURCHASE = 'purchase-ticket';
const GIVE_BACK = 'give-back-payment';
const EXPIRE = 'expire-ticket';

const NAMES = { ONE_HOUR: '킥보드 1시간 이용권', ONE_DAY: '킥보드 1일 이용권' } as const;

/** Not all at once when payments come back. */
const jittered = (ms: number): number => Math.round(ms * (0.8 + Math.random() * 0.2));

/** What the customer is told when there is no ticket. */
function refusalOf(answer: Exclude<PaymentAnswer, { kind: 'APPROVED' }>): Refused {
  switch (answer.kind) {
    case 'DECLINED':
      return new Refused('PAYMENT_DECLINED', 'The payment was declined. 결제가 거절되었습니다.', { reason: answer.reason });
    case 'NO_PAYMENT_METHOD':
      return new Refused('PAYMENT_METHOD_REQUIRED', 'Register a payment method first. 결제수단을 먼저 등록해 주세요.');
    case 'GONE':
      return tryAgainLater(1, 'Buying a ticket');
    case 'UNKNOWN':
      return tryAgainLater(Math.ceil(answer.askAgainInMs / 1_000), 'Buying a ticket');
  }
}

export type Purchasing = ReturnType<typeof purchasing>;

/** Having tickets paid while the customer waits, or giving the purchase up, and the money back; and what becomes of a ticket with time. */
export function purchasing(kernel: Kernel, { tickets, payments, config }: PurchasingParts) {
  const pay = (key: string, asking: Asking): Intent => ({
    kind: PURCHASE,
    key,
    payload: asking.key ? asking : {},
    dueInMs: config.TICKETS_PAYMENT_LEASE_MS,
  });
  const giveBack = (key: string, accountId: string): Intent => ({ kind: GIVE_BACK, key, payload: { accountId }, dueInMs: 0 });

  async function purchase(known: Loaded<Ticket>, paymentId: string, cause: Cause): Promise<Ticket> {
    const { id: key } = known.state;
    const { state } = await kernel.execute({
      aggregate: ticket,
      store: startingFrom(tickets, key, known),
      key,
      input: { paymentId },
      decide: decidePurchase,
      cause,
      alongside: () => ({ close: [{ kind: PURCHASE, key }], open: [{ kind: EXPIRE, key, payload: {}, dueInMs: VALID_FOR_MS }] }),
    });
    return state;
  }

  /** Nothing is left of it, unless it was paid meanwhile. */
  async function abandon(known: Loaded<Ticket>, asking: Asking, mayBeCharged: boolean, cause: Cause): Promise<Ticket> {
    const { id: key, accountId } = known.state;
    const { state } = await kernel.execute({
      aggregate: ticket,
      store: startingFrom(tickets, key, known),
      key,
      input: {},
      decide: decideAbandon,
      cause,
      alongside: (after) => {
        const given = after.status === 'ABANDONED';
        return {
          close: [{ kind: PURCHASE, key }],
          open: given && mayBeCharged ? [giveBack(key, accountId)] : [],
          writes: given && asking.key ? [forgetKey(asking.scope, asking.key)] : [],
        };
      },
    });
    return state;
  }

  /** Has it paid, now or not at all. @throws Refused when there is no ticket */
  async function attempt(known: Loaded<Ticket>, asking: Asking, replayed: boolean, cause: Cause): Promise<Ticket> {
    const { id: ticketId, accountId, amount, type } = known.state;
    const answer = await payments.charge({ ticketId, accountId, amount, orderName: NAMES[type] }, cause);
    if (answer.kind === 'APPROVED') return purchase(known, answer.paymentId, cause);
    const mayBeCharged = answer.kind === 'UNKNOWN' && (answer.sent || replayed);
    const state = await abandon(known, asking, mayBeCharged, cause);
    if (state.status === 'ABANDONED') throw refusalOf(answer);
    return state;
  }

  /** Money that was taken for what is not there goes back. */
  async function checkApproval({ ticketId, accountId }: { ticketId: string; accountId: string }, cause: Cause): Promise<void> {
    if (!(await tickets.load(ticketId))) await kernel.commit(cause, { open: [giveBack(ticketId, accountId)] });
  }

  const intents: Record<string, IntentHandler> = {
    /** Whoever bought has had no answer: it is given up. */
    async [PURCHASE]({ key, payload }, cause) {
      const known = await tickets.load(key);
      if (known?.state.status !== 'ORDERED') return kernel.commit(cause, { close: [{ kind: PURCHASE, key }] });
      await abandon(known, { scope: '', key: undefined, ...(payload as object) }, true, cause);
    },

    async [GIVE_BACK]({ key, payload }, cause) {
      const unknown = await payments.giveBack({ ticketId: key, ...(payload as { accountId: string }) }, cause);
      if (unknown) throw new RetryLater(jittered(unknown.askAgainInMs), 'payments give no answer', unknown.why);
      await kernel.commit(cause, { close: [{ kind: GIVE_BACK, key }] });
    },

    async [EXPIRE]({ key }, cause) {
      const alongside = () => ({ close: [{ kind: EXPIRE, key }] });
      await kernel.execute({ aggregate: ticket, store: tickets, key, input: {}, decide: decideExpire, cause, alongside });
    },
  };

  return { pay, attempt, checkApproval, intents };
}
