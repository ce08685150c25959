import { type Cause, type IntentHandler, type Kernel, RetryLater } from '@madang/kernel/context';
import { Refused, service, user } from '@madang/kernel/domain';
import type { Handlers } from './handlers.ts';
import type { TicketsModel } from './read-models/tickets.ts';

/** Who signs in as customer@madang.example. */
const CUSTOMER = '01900000-0000-7000-8000-000000000001';

/** What the demo's customer has bought; the key is the request's idempotency key. */
const demoTickets = [
  { key: 'demo-1', type: 'ONE_HOUR' },
  { key: 'demo-2', type: 'ONE_DAY' },
] as const;
const PHONE = '010-0000-0000';

const PURCHASE = 'purchase-for-demo';
/** Payments are given time to start before, and between two tries. */
const FIRST_IN_MS = 2_000;
const AGAIN_IN_MS = 5_000;

/** Has the demo's customer buy by the command itself. An intent does so, as payments may start later than we, or not at all. */
export function demoPurchasing(
  kernel: Kernel,
  { purchaseTicket }: Pick<Handlers, 'purchaseTicket'>,
  tickets: Pick<TicketsModel, 'ofAccount'>,
) {
  const intents: Record<string, IntentHandler> = {
    async [PURCHASE]({ key }, cause) {
      const type = demoTickets.find((ticket) => ticket.key === key)?.type;
      try {
        await purchaseTicket({ type, phone: PHONE, idempotencyKey: key }, { ...cause, actor: user(CUSTOMER, 'CUSTOMER') });
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        if (error.code === 'TRY_AGAIN_LATER') throw new RetryLater(AGAIN_IN_MS, 'payments are not there yet', error);
        kernel.log.info({ key, code: error.code }, 'the demo’s customer could not buy a ticket');
      }
      await kernel.commit(cause, { close: [{ kind: PURCHASE, key }] });
    },
  };

  return {
    intents,
    /** Nothing, once the customer has a ticket. */
    async seed(): Promise<void> {
      const cause: Cause = { actor: service(kernel.name), correlationId: kernel.newId() };
      if ((await tickets.ofAccount(CUSTOMER, { first: 1 }, cause.actor)).edges.length > 0) return;
      const open = demoTickets.map(({ key }) => ({ kind: PURCHASE, key, payload: {}, dueInMs: FIRST_IN_MS }));
      await kernel.commit(cause, { open });
    },
  };
}
