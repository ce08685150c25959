import { type Cause, type IntentHandler, type Kernel, type Loaded, RetryLater, type Store } from '@madang/kernel/context';
import type { InputOf } from '@madang/kernel/domain';
import type { Intent } from '@madang/kernel/prisma';
import { forgetKey } from './adapters/application-store.ts';
import type { ApplicationsConfig } from './config.ts';
import type { PaymentAnswer, Payments } from './ports.ts';
import type { settlePayment } from './textbook-application/commands.ts';
import {
  decideDefer,
  decideExpire,
  decideSettlePayment,
  isHidden,
  isOverdue,
  isPayable,
  isToGiveBack,
} from './textbook-application/decide.ts';
import { type TextbookApplication, textbookApplication } from './textbook-application/textbook-application.ts';

type Loan = Loaded<TextbookApplication>;
type Unknown = Extract<PaymentAnswer, { kind: 'UNKNOWN' }>;

/** The request that waits for the payment: told at once when there is no payment method, and its key is then free again. */
export interface Asking {
  readonly scope: string;
  readonly key: string | null | undefined;
}

export interface PayingParts {
  readonly applications: Store<TextbookApplication>;
  readonly payments: Payments;
  readonly config: ApplicationsConfig;
}

const PAY = 'approve-payment';
const GIVE_BACK = 'give-back-payment';

/** Not all at once when payments come back. */
const jittered = (ms: number): number => Math.round(ms * (0.8 + Math.random() * 0.2));

export type Paying = ReturnType<typeof paying>;

/** Having applications paid: in the request, by the sweep as long as payments are out, and by what payments tell in events. */
export function paying(kernel: Kernel, { applications, payments, config }: PayingParts) {
  const payableForMs = config.APPLICATIONS_PAYABLE_FOR_SECONDS * 1_000;
  const pay = (key: string): Intent => ({ kind: PAY, key, payload: {}, dueInMs: config.APPLICATIONS_PAYMENT_LEASE_MS });
  const giveBack = (key: string): Intent => ({ kind: GIVE_BACK, key, payload: {}, dueInMs: 0 });

  /** Takes down what payments decided. */
  async function settle(input: InputOf<typeof settlePayment>, cause: Cause, known?: Loan, asking?: Asking): Promise<TextbookApplication> {
    const { applicationId, outcome } = input;
    const { state } = await kernel.execute({
      aggregate: textbookApplication,
      store: applications,
      key: applicationId,
      known,
      input,
      decide: decideSettlePayment,
      cause,
      alongside: (after) => ({
        close: [pay(applicationId)],
        open: isToGiveBack(after, outcome) ? [giveBack(applicationId)] : [],
        writes: asking?.key && isHidden(after) ? [forgetKey(asking.scope, asking.key)] : [],
      }),
    });
    return state;
  }

  async function defer(known: Loan, cause: Cause): Promise<TextbookApplication> {
    const { state } = await kernel.execute({
      aggregate: textbookApplication,
      store: applications,
      key: known.state.id,
      known,
      input: {},
      decide: decideDefer,
      cause,
    });
    return state;
  }

  async function expire({ state }: Loan, cause: Cause): Promise<void> {
    await kernel.execute({
      aggregate: textbookApplication,
      store: applications,
      key: state.id,
      input: { payableForMs },
      decide: decideExpire,
      cause,
      // Nobody knows whether a call without an answer charged after all.
      alongside: (after) => (after.status === 'EXPIRED' ? { close: [pay(state.id)], open: [giveBack(state.id)] } : {}),
    });
  }

  /** One try to have it paid. `unknown` when payments gave no answer: the sweep goes on. */
  async function attempt(known: Loan, cause: Cause, asking?: Asking): Promise<{ state: TextbookApplication; unknown?: Unknown }> {
    const { id: applicationId, accountId, amount, title, quantity, status } = known.state;
    const answer = await payments.charge({ applicationId, accountId, amount, title, quantity }, cause);
    if (answer.kind === 'UNKNOWN') {
      const state = status === 'APPLIED' ? await defer(known, cause) : known.state;
      return { state, unknown: answer };
    }
    const outcome =
      answer.kind === 'NO_PAYMENT_METHOD'
        ? { kind: 'REFUSED' as const, reason: 'PAYMENT_METHOD_REQUIRED', told: asking !== undefined }
        : answer;
    return { state: await settle({ applicationId, outcome }, cause, known, asking) };
  }

  const intents: Record<string, IntentHandler> = {
    async [PAY]({ key }, cause) {
      const known = await applications.load(key);
      if (!known || !isPayable(known.state)) return kernel.commit(cause, { close: [pay(key)] });
      if (isOverdue(known.state, payableForMs, kernel.clock.now())) return expire(known, cause);
      const { unknown } = await attempt(known, cause);
      if (unknown) throw new RetryLater(jittered(unknown.askAgainInMs), 'payments give no answer', unknown.why);
    },

    async [GIVE_BACK]({ key }, cause) {
      const known = await applications.load(key);
      const unknown = known && (await payments.giveBack({ applicationId: key, accountId: known.state.accountId }, cause));
      if (unknown) throw new RetryLater(jittered(unknown.askAgainInMs), 'payments give no answer', unknown.why);
      await kernel.commit(cause, { close: [giveBack(key)] });
    },
  };

  return { pay, attempt, settle, intents };
}
