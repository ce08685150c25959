import { type Cause, type IntentHandler, type Kernel, RetryLater, type Store } from '@madang/kernel/context';
import { type Refused, tryAgainLater } from '@madang/kernel/domain';
import type { Intent } from '@madang/kernel/prisma';
import type { HeardTickets } from './adapters/heard-tickets.ts';
import { forgetKey } from './adapters/ride-store.ts';
import type { KickboardsConfig } from './config.ts';
import type { Tickets, Unknown } from './ports.ts';
import { decideBegin, decideLetGo, decideSettle, judge, ticketRefused, type Verdict } from './rental/decide.ts';
import { type Claim, hasBegun, type Rental, type Ride, ride } from './rental/rental.ts';

/** The idempotency key of a request to rent, which is free again when it is refused. */
export interface Asking {
  readonly scope: string;
  readonly key: string | null | undefined;
}

export interface RentingParts {
  readonly rides: Store<Ride>;
  readonly tickets: Tickets;
  readonly heard: HeardTickets;
  readonly config: KickboardsConfig;
}

const REDEEM = 'redeem-ticket';
const RELEASE = 'release-ticket';

/** Not all at once when tickets come back. */
const jittered = (ms: number): number => Math.round(ms * (0.8 + Math.random() * 0.2));
const later = ({ askAgainInMs, why }: Unknown) => new RetryLater(jittered(askAgainInMs), 'tickets give no answer', why);

export type Renting = ReturnType<typeof renting>;

/** Having a claim's ticket redeemed: in the request, or afterwards when tickets are away and what was heard of them lets the rental begin. */
export function renting(kernel: Kernel, { rides, tickets, heard, config }: RentingParts) {
  const redeem = (key: string, asking: Asking): Intent => ({
    kind: REDEEM,
    key,
    payload: asking.key ? asking : {},
    dueInMs: config.KICKBOARDS_REDEEM_LEASE_MS,
  });
  const release = ({ id: key, accountId, ticketId }: Claim): Intent => ({
    kind: RELEASE,
    key,
    payload: { accountId, ticketId },
    dueInMs: 0,
  });
  const of = (key: string, cause: Cause) => ({ aggregate: ride, store: rides, key, cause });

  async function begin(key: string, verdict: Extract<Verdict, { usingMinutes: number }>, cause: Cause): Promise<Rental | null> {
    const close = verdict.kind === 'REDEEMED' ? [{ kind: REDEEM, key }] : [];
    const { state } = await kernel.execute({ ...of(key, cause), input: verdict, decide: decideBegin, alongside: () => ({ close }) });
    return state.rental;
  }

  /** Nothing is left of the claim, unless the rental has begun after all. `mayBeRedeemed`: nobody knows what tickets did. */
  async function letGo(claim: Claim, asking: Asking, mayBeRedeemed: boolean, cause: Cause): Promise<Rental | null> {
    const { id: key } = claim;
    const { state } = await kernel.execute({
      ...of(key, cause),
      input: {},
      decide: decideLetGo,
      alongside: ({ rental }) =>
        rental?.status === 'RELEASED'
          ? {
              close: [{ kind: REDEEM, key }],
              open: mayBeRedeemed ? [release(claim)] : [],
              writes: asking.key ? [forgetKey(asking.scope, asking.key)] : [],
            }
          : {},
    });
    return state.rental;
  }

  async function letGoOr(refusal: Refused, claim: Claim, asking: Asking, mayBeRedeemed: boolean, cause: Cause): Promise<Rental> {
    const rental = await letGo(claim, asking, mayBeRedeemed, cause);
    if (!hasBegun(rental)) throw refusal;
    return rental;
  }

  /** Makes a claim a rental, now or not at all. @throws Refused when it does not come about */
  async function attempt(claim: Claim, asking: Asking, cause: Cause): Promise<Rental | null> {
    const answer = await tickets.redeem(claim, cause);
    if (answer.kind === 'REDEEMED') return begin(claim.id, answer, cause);
    if (answer.kind === 'RELEASED') return letGoOr(tryAgainLater(1, 'Renting'), claim, asking, false, cause);
    if (answer.kind === 'REFUSED') return letGoOr(ticketRefused(answer.code), claim, asking, false, cause);
    const verdict = judge(await heard.find(claim.ticketId), claim);
    if (verdict.kind === 'REFUSED') return letGoOr(ticketRefused(verdict.code), claim, asking, true, cause);
    return begin(claim.id, verdict, cause);
  }

  /** Tickets are asked until they say whether they have the ticket as used for a rental that runs, or ran. */
  async function settle(rental: Claim, cause: Cause): Promise<void> {
    const { id: key } = rental;
    const answer = await tickets.redeem(rental, cause);
    if (answer.kind === 'UNKNOWN') throw later(answer);
    const refusal = answer.kind === 'REDEEMED' ? null : answer.kind === 'REFUSED' ? answer.code : answer.kind;
    if (refusal !== null) kernel.log.warn({ rentalId: key, refusal }, 'rented with a ticket that was not to be had');
    await kernel.execute({
      ...of(key, cause),
      input: { refusal },
      decide: decideSettle,
      alongside: () => ({ close: [{ kind: REDEEM, key }] }),
    });
  }

  const intents: Record<string, IntentHandler> = {
    async [REDEEM]({ key, payload }, cause) {
      const rental = (await rides.load(key))?.state.rental ?? null;
      if (hasBegun(rental) && rental.redemption === 'PENDING') return settle(rental, cause);
      // Whoever asked for it has had no answer: it is given up.
      if (rental?.status === 'CLAIMED') await letGo(rental, { scope: '', key: undefined, ...(payload as object) }, true, cause);
      else await kernel.commit(cause, { close: [{ kind: REDEEM, key }] });
    },

    async [RELEASE]({ key, payload }, cause) {
      const unknown = await tickets.release({ id: key, ...(payload as { accountId: string; ticketId: string }) }, cause);
      if (unknown) throw later(unknown);
      await kernel.commit(cause, { close: [{ kind: RELEASE, key }] });
    },
  };

  return { redeem, attempt, intents };
}
