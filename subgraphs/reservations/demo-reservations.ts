import { type Cause, type IntentHandler, type Kernel, RetryLater } from '@madang/kernel/context';
import { inSeoul, Refused, service, user } from '@madang/kernel/domain';
import { z } from 'zod';
import type { Handlers } from './handlers.ts';
import type { CleaningReservationsModel } from './read-models/cleaning-reservations.ts';
import { demoPlans } from './seeds.ts';

/** Who signs in as customer@madang.example. */
const CUSTOMER = '01900000-0000-7000-8000-000000000001';

/** What the demo's customer has reserved; the key is the request's idempotency key. */
const demoReservations = [
  { key: 'demo-1', plan: '원룸 청소', place: '서울특별시 마포구 월드컵북로 1, 302호', inDays: 3, hour: '10' },
  { key: 'demo-2', plan: '에어컨 분해 청소', place: '서울특별시 성동구 왕십리로 83, 1104호', inDays: 10, hour: '14' },
] as const;

const RESERVE = 'reserve-for-demo';
/** Payments are given time to start before, and between two tries. */
const FIRST_IN_MS = 2_000;
const AGAIN_IN_MS = 5_000;
const A_DAY_MS = 86_400_000;

const request = z.object({ planId: z.string(), place: z.string(), at: z.coerce.date() });

/** Has the demo's customer reserve by the command itself. An intent does so, as payments may start later than we, or not at all. */
export function demoReserving(
  kernel: Kernel,
  { reserveCleaning }: Pick<Handlers, 'reserveCleaning'>,
  reservations: Pick<CleaningReservationsModel, 'ofAccount'>,
) {
  const intents: Record<string, IntentHandler> = {
    async [RESERVE]({ key, payload }, cause) {
      try {
        await reserveCleaning({ ...request.parse(payload), idempotencyKey: key }, { ...cause, actor: user(CUSTOMER, 'CUSTOMER') });
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        if (error.code === 'TRY_AGAIN_LATER') throw new RetryLater(AGAIN_IN_MS, 'payments are not there yet', error);
        kernel.log.info({ key, code: error.code }, 'the demo’s customer could not reserve');
      }
      await kernel.commit(cause, { close: [{ kind: RESERVE, key }] });
    },
  };

  return {
    intents,
    /** Nothing, once the customer has a reservation. */
    async seed(): Promise<void> {
      const cause: Cause = { actor: service(kernel.name), correlationId: kernel.newId() };
      if ((await reservations.ofAccount(CUSTOMER, { first: 1 }, cause.actor)).edges.length > 0) return;
      const open = demoReservations.map(({ key, plan, place, inDays, hour }) => {
        const day = inSeoul(new Date(kernel.clock.now().getTime() + inDays * A_DAY_MS)).slice(0, 10);
        const planId = demoPlans.find(({ name }) => name === plan)?.id;
        return { kind: RESERVE, key, payload: { planId, place, at: `${day}T${hour}:00:00+09:00` }, dueInMs: FIRST_IN_MS };
      });
      await kernel.commit(cause, { open });
    },
  };
}
