import { type Cause, type Execution, type IntentHandler, type Kernel, type Loaded, RetryLater } from '@madang/kernel/context';
import { notFound, Refused, tryAgainLater } from '@madang/kernel/domain';
import type { Intent } from '@madang/kernel/prisma';
import { type BookingStore, forgetKey } from './adapters/booking-store.ts';
import type { WalletsConfig } from './config.ts';
import { decideCapture, decideGiveUp, decideRelease, ITEM, WHAT } from './decide.ts';
import type { GiftExchange, NoGift } from './gift-exchange.ts';
import type { InLine } from './in-line.ts';
import type { Gifts, IssueAnswer, Unknown } from './ports.ts';
import { type Booking, booking, type WalletChange } from './wallet.ts';

/** The idempotency key of a request, which is free again when there is no gift. */
export interface Asking {
  readonly scope: string;
  readonly key: string | null | undefined;
}

export interface ExchangingParts {
  readonly bookings: BookingStore;
  readonly gifts: Gifts;
  /** What is booked on one wallet waits for each other here, rather than in conflicts. */
  readonly inLine: InLine;
  readonly config: WalletsConfig;
}

/** From the hold to the activated gift: what is left open is decided by where the exchange stands. */
const EXCHANGE = 'exchange-gift';
const VOID = 'void-gift';

const EXCHANGING = 'Exchanging points';
/** What is open is looked at again at least this often: gifts may be back sooner than they thought. */
const LONGEST_WAIT_MS = 5_000;

/** Not all at once when gifts come back. */
const later = ({ retryAfterSeconds, why }: Unknown) =>
  new RetryLater(
    Math.round(Math.min(retryAfterSeconds * 1_000, LONGEST_WAIT_MS) * (0.8 + Math.random() * 0.2)),
    'gifts give no answer',
    why,
  );

export function exchangeOf({ exchange }: Booking): GiftExchange {
  if (exchange === null) throw notFound(WHAT);
  return exchange;
}

/** What the customer is told when there is no gift. */
function refusalOf(answer: Exclude<IssueAnswer, { kind: 'ISSUED' }>): Refused {
  if (answer.kind === 'UNKNOWN') return tryAgainLater(answer.retryAfterSeconds, EXCHANGING);
  if (answer.reason === 'SOLD_OUT') return new Refused('SOLD_OUT', 'None is left. 품절되었습니다.');
  return answer.reason === 'NOT_FOUND' ? notFound(ITEM) : tryAgainLater(1, EXCHANGING);
}

export type Exchanging = ReturnType<typeof exchanging>;

/** What becomes of points that are held: spent on a gift that was issued, or given back once it is certain that there is none. */
export function exchanging(kernel: Kernel, { bookings, gifts, inLine, config }: ExchangingParts) {
  type Step<Input> = Pick<Execution<Booking, Input, WalletChange>, 'input' | 'decide' | 'cause' | 'alongside' | 'known'>;
  /** What is known is out of date when others have been before: it is loaded again then. */
  const book = async <Input>({ id: key, accountId }: GiftExchange, { known, ...step }: Step<Input>): Promise<GiftExchange> => {
    const of = { aggregate: booking, store: bookings.byExchange, key, ...step };
    const { state } = await inLine(accountId, (alone) => kernel.execute({ ...of, known: alone ? known : undefined }));
    return exchangeOf(state);
  };

  const freed = ({ scope, key }: Asking) => (key ? [forgetKey(scope, key)] : []);

  const release = (exchange: GiftExchange, reason: NoGift, asking: Asking, cause: Cause, known?: Loaded<Booking>) =>
    book(exchange, {
      ...{ known, input: { reason }, decide: decideRelease, cause },
      alongside: () => ({ close: [EXCHANGE, VOID].map((kind) => ({ kind, key: exchange.id })), writes: freed(asking) }),
    });

  const giveUp = ({ id: key, ...exchange }: GiftExchange, reason: NoGift, asking: Asking, cause: Cause, known?: Loaded<Booking>) =>
    book(
      { id: key, ...exchange },
      {
        ...{ known, input: { reason }, decide: decideGiveUp, cause },
        alongside: (_, events) =>
          events.length > 0
            ? { close: [{ kind: EXCHANGE, key }], open: [{ kind: VOID, key, payload: {}, dueInMs: 0 }], writes: freed(asking) }
            : {},
      },
    );

  async function activate(exchange: GiftExchange, cause: Cause): Promise<void> {
    const unknown = await gifts.activate(exchange, cause);
    if (unknown) throw later(unknown);
    await kernel.commit(cause, { close: [{ kind: EXCHANGE, key: exchange.id }] });
  }

  /** Has the gift issued, now or not at all; only who held the points may ask for it. @throws Refused when there is none */
  async function attempt(held: Loaded<Booking>, asking: Asking, cause: Cause): Promise<GiftExchange> {
    const exchange = exchangeOf(held.state);
    const answer = await gifts.issue(exchange, cause);
    if (answer.kind === 'ISSUED') {
      const { giftId } = answer;
      const captured = await book(exchange, { known: held, input: { giftId }, decide: decideCapture, cause });
      // The sweep was faster: it has the gift voided.
      if (captured.status !== 'CAPTURED') throw tryAgainLater(1, EXCHANGING);
      await activate(captured, cause).catch((error: unknown) =>
        kernel.log.debug({ err: error, exchangeId: exchange.id }, 'the gift is activated later'),
      );
      return captured;
    }
    const reason = answer.kind === 'REFUSED' ? answer.reason : 'UNAVAILABLE';
    await (answer.certain ? release : giveUp)(exchange, reason, asking, cause, held);
    throw refusalOf(answer);
  }

  const intents: Record<string, IntentHandler> = {
    /** Whoever asked has had no answer, or not the whole of it. */
    async [EXCHANGE]({ key, payload }, cause) {
      const known = (await bookings.byExchange.load(key)) ?? undefined;
      const exchange = known?.state.exchange;
      if (exchange?.status === 'CAPTURED') await activate(exchange, cause);
      else if (exchange?.status === 'HELD')
        await giveUp(exchange, 'UNAVAILABLE', { scope: '', key: undefined, ...(payload as object) }, cause, known);
      else await kernel.commit(cause, { close: [{ kind: EXCHANGE, key }] });
    },

    async [VOID]({ key }, cause) {
      const known = (await bookings.byExchange.load(key)) ?? undefined;
      const exchange = known?.state.exchange;
      if (exchange?.status !== 'RELEASING') return kernel.commit(cause, { close: [{ kind: VOID, key }] });
      const unknown = await gifts.void(exchange, cause);
      if (unknown) throw later(unknown);
      await release(exchange, 'UNAVAILABLE', { scope: '', key: undefined }, cause);
    },
  };

  return {
    attempt,
    intents,
    /** What is stored with the hold. */
    pending: (key: string, asking: Asking): Intent => ({
      kind: EXCHANGE,
      key,
      payload: asking.key ? asking : {},
      dueInMs: config.WALLETS_EXCHANGE_LEASE_MS,
    }),

    /** What became of an exchange that an earlier request with the same key has made. @throws Refused TRY_AGAIN_LATER unless it has its gift */
    async outcome(exchangeId: string): Promise<GiftExchange> {
      const exchange = (await bookings.byExchange.load(exchangeId))?.state.exchange;
      if (exchange?.status === 'CAPTURED') return exchange;
      throw tryAgainLater(1, EXCHANGING);
    },
  };
}
