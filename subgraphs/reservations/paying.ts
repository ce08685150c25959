import { type Cause, type IntentHandler, type Kernel, type Loaded, RetryLater, type Store } from '@madang/kernel/context';
import { type InputOf, Refused, tryAgainLater } from '@madang/kernel/domain';
import type { Intent } from '@madang/kernel/prisma';
import { forgetKey, startingFrom } from './adapters/reservation-store.ts';
import {
  type CleaningReservation,
  cleaningReservation,
  isShown,
  type ShownReservation,
} from './cleaning-reservation/cleaning-reservation.ts';
import type { settlePayment } from './cleaning-reservation/commands.ts';
import { decideDrop, decideSettlePayment, isToGiveBack } from './cleaning-reservation/decide.ts';
import type { ReservationsConfig } from './config.ts';
import type { PaymentAnswer, Payments } from './ports.ts';

export interface PayingParts {
  readonly reservations: Store<CleaningReservation>;
  readonly payments: Payments;
  readonly config: ReservationsConfig;
}

const PAY = 'approve-payment';
const GIVE_BACK = 'give-back-payment';
/** Payments may be back sooner than they thought. */
const LONGEST_WAIT_MS = 5_000;

const noMethod = () => new Refused('PAYMENT_METHOD_REQUIRED', 'Register a payment method first. 결제수단을 먼저 등록해 주세요.');
const declined = (reason: string) => new Refused('PAYMENT_DECLINED', 'The payment was declined. 결제가 거절되었습니다.', { reason });

function refusalOf(answer: Exclude<PaymentAnswer, { kind: 'APPROVED' }>): Refused {
  if (answer.kind === 'NO_PAYMENT_METHOD') return noMethod();
  return answer.kind === 'DECLINED' ? declined(answer.reason) : tryAgainLater(answer.retryAfterSeconds, 'Paying');
}

export type Paying = ReturnType<typeof paying>;

/** Having reservations paid, in the request or not at all: what a request leaves undecided is given back. */
export function paying(kernel: Kernel, { reservations, payments, config }: PayingParts) {
  const pay = (key: string): Intent => ({ kind: PAY, key, payload: {}, dueInMs: config.RESERVATIONS_PAYMENT_LEASE_MS });
  const giveBack = (key: string): Intent => ({ kind: GIVE_BACK, key, payload: {}, dueInMs: 0 });

  /** Takes down what payments tell, in an answer or in an event. */
  async function settle(input: InputOf<typeof settlePayment>, cause: Cause, store = reservations): Promise<CleaningReservation> {
    const { reservationId: key, outcome } = input;
    const { state } = await kernel.execute({
      aggregate: cleaningReservation,
      store,
      key,
      input,
      decide: decideSettlePayment,
      cause,
      alongside: (after) => ({ close: [pay(key)], open: isToGiveBack(after, outcome) ? [giveBack(key)] : [] }),
    });
    return state;
  }

  /** It will not be paid. With `owed`, nobody knows whether it was charged. */
  async function drop(key: string, owed: boolean, cause: Cause, store = reservations): Promise<CleaningReservation> {
    const { state } = await kernel.execute({
      aggregate: cleaningReservation,
      store,
      key,
      input: {},
      decide: decideDrop,
      cause,
      alongside: (after) =>
        after.status === 'DROPPED'
          ? { close: [pay(key)], open: owed ? [giveBack(key)] : [], writes: [forgetKey(after)] }
          : { close: [pay(key)] },
    });
    return state;
  }

  /**
   * Has it paid in the request that reserves. `shared`: another request with the same idempotency key may be doing so too.
   * @throws Refused PAYMENT_METHOD_REQUIRED, PAYMENT_DECLINED, TRY_AGAIN_LATER: it is dropped
   */
  async function attempt(known: Loaded<CleaningReservation>, shared: boolean, cause: Cause): Promise<ShownReservation> {
    const { id: reservationId, accountId, amount, title } = known.state;
    const answer = await payments.charge({ reservationId, accountId, amount, title }, cause);
    const store = startingFrom(reservations, reservationId, known);
    if (answer.kind === 'APPROVED') {
      const state = await settle({ reservationId, paymentId: answer.paymentId, outcome: 'APPROVED' }, cause, store);
      if (isShown(state)) return state;
      throw tryAgainLater(1, 'Paying');
    }
    const owed = shared || (answer.kind === 'UNKNOWN' && answer.sent);
    const state = await drop(reservationId, owed, cause, store);
    // What payments told by an event is as good as their answer.
    if (isShown(state)) return state;
    throw refusalOf(answer);
  }

  const intents: Record<string, IntentHandler> = {
    /** The request that was to pay has died, or takes far too long. */
    async [PAY]({ key }, cause) {
      await drop(key, true, cause);
    },

    async [GIVE_BACK]({ key }, cause) {
      const known = await reservations.load(key);
      const unknown = known && (await payments.giveBack({ reservationId: key, accountId: known.state.accountId }, cause));
      if (unknown) {
        const wait = Math.min(unknown.retryAfterSeconds * 1_000, LONGEST_WAIT_MS);
        throw new RetryLater(wait * (0.8 + Math.random() * 0.2), 'payments give no answer', unknown.why);
      }
      await kernel.commit(cause, { close: [giveBack(key)] });
    },
  };

  return { pay, attempt, settle, intents };
}
