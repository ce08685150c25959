import { type Decide, type InputOf, notFound, Refused, requireUser } from '@madang/kernel/domain';
import type { Book } from '../book/book.ts';
import {
  TextbookApplicationCancelled,
  TextbookApplicationDelivered,
  TextbookApplicationDelivering,
  TextbookApplicationPaid,
  TextbookApplicationRejected,
  TextbookApplied,
  TextbookCancellationRejected,
  TextbookCancellationRequested,
  TextbookPaymentDeferred,
} from '../events.ts';
import type { applyForTextbook, cancelTextbookApplication, followDelivery, PaymentOutcome, settlePayment } from './commands.ts';
import { deliveryKnown, paymentKnown, type TextbookApplication, type TextbookApplicationChange } from './textbook-application.ts';

type Decision<Input> = Decide<TextbookApplication, Input, TextbookApplicationChange>;

/** What a customer is told that there is not, when there is not, or it is another's. */
export const WHAT = 'The textbook application';

const known = (state: TextbookApplication | null): TextbookApplication => {
  if (state === null) throw notFound(WHAT);
  return state;
};

/** Whether it is still to be paid. */
export const isPayable = ({ status }: TextbookApplication): boolean => status === 'APPLIED' || status === 'PAYMENT_DEFERRED';

/** Whether nothing follows any more. */
export const isFinal = ({ status }: TextbookApplication): boolean => ['DELIVERED', 'CANCELLED', 'REJECTED', 'EXPIRED'].includes(status);

/** Refused, and the student was told so at once: for them it is not there. */
export const isHidden = (state: TextbookApplication): boolean => state.status === 'REJECTED' && !state.kept;

/** `book` is what the catalogue has under `bookId` now: its price is the price. */
export const decideApply: Decision<InputOf<typeof applyForTextbook> & { applicationId: string; book: Book | null }> = (
  _,
  input,
  { actor, now },
) => {
  const { accountId } = requireUser(actor);
  const { applicationId, book, quantity, address } = input;
  if (book === null) throw notFound('The book');
  const order = { bookId: book.id, title: book.title, quantity, amount: book.price * quantity, address };
  return [TextbookApplied({ applicationId, accountId, ...order, at: now.toISOString() })];
};

/** Payments give no answer: the student is told that it will be paid later. */
export const decideDefer: Decision<object> = (state, _, { now }) => {
  const { id, accountId, status } = known(state);
  return status === 'APPLIED' ? [TextbookPaymentDeferred({ applicationId: id, accountId, at: now.toISOString() })] : [];
};

/** Whether it has waited for its payment for too long. */
export const isOverdue = (state: TextbookApplication, payableForMs: number, now: Date): boolean =>
  isPayable(state) && now.getTime() - state.appliedAt.getTime() >= payableForMs;

/** What nobody can pay for so long is not wanted any more. */
export const decideExpire: Decision<{ payableForMs: number }> = (state, { payableForMs }, { now }) => {
  const application = known(state);
  if (!isOverdue(application, payableForMs, now)) return [];
  const { id, accountId } = application;
  return [
    TextbookApplicationRejected({
      applicationId: id,
      accountId,
      status: 'EXPIRED',
      reason: 'NOT_PAID_IN_TIME',
      kept: true,
      at: now.toISOString(),
    }),
  ];
};

/** Answers and events tell the same in any order, more than once: what comes first decides. */
export const decideSettlePayment: Decision<InputOf<typeof settlePayment>> = (state, { outcome }, { now }) => {
  const application = known(state);
  const { id, accountId, status, bookId, title, quantity, amount, address } = application;
  const of = { applicationId: id, accountId, at: now.toISOString() };
  if (isPayable(application))
    switch (outcome.kind) {
      case 'APPROVED':
        return [TextbookApplicationPaid({ ...of, paymentId: outcome.paymentId, bookId, title, quantity, amount, address })];
      case 'DECLINED':
        return [
          TextbookApplicationRejected({ ...of, status: 'REJECTED', reason: outcome.reason, kept: true, paymentId: outcome.paymentId }),
        ];
      case 'REFUSED': {
        const kept = !outcome.told || status === 'PAYMENT_DEFERRED';
        return [TextbookApplicationRejected({ ...of, status: 'REJECTED', reason: outcome.reason, kept })];
      }
    }
  if (outcome.kind === 'REFUSED') return [];
  const { paymentId } = outcome;
  const declined = outcome.kind === 'DECLINED' && status === 'CANCELLING';
  const cancelled = outcome.kind === 'CANCELLED' && !isFinal(application);
  if (declined || cancelled) return [TextbookApplicationCancelled({ ...of, paymentId })];
  return application.paymentId === paymentId ? [] : [paymentKnown({ paymentId })];
};

/** Approved after all, when the application had ended without: the money goes back. One being cancelled is given back by payments itself. */
export const isToGiveBack = ({ status }: TextbookApplication, outcome: PaymentOutcome): boolean =>
  outcome.kind === 'APPROVED' && (status === 'REJECTED' || status === 'EXPIRED');

/** A request at first; it is a fact when payments say so. What has been delivered stays. */
export const decideCancel: Decision<InputOf<typeof cancelTextbookApplication>> = (state, _, { actor, now }) => {
  const asking = requireUser(actor);
  const application = known(state);
  if (application.accountId !== asking.accountId || isHidden(application)) throw notFound(WHAT);
  const of = { applicationId: application.id, accountId: application.accountId, at: now.toISOString() };
  switch (application.status) {
    case 'APPLIED':
    case 'PAYMENT_DEFERRED':
    case 'PAID':
    case 'DELIVERING':
      return [TextbookCancellationRequested(of)];
    case 'DELIVERED':
      if (application.cancellationRejectedReason !== null) return [];
      return [TextbookCancellationRejected({ ...of, status: 'DELIVERED', reason: 'ALREADY_DELIVERED' })];
    case 'CANCELLING':
    case 'CANCELLED':
      return [];
    case 'REJECTED':
    case 'EXPIRED':
      throw new Refused('NOT_CANCELLABLE', 'It was never paid: there is nothing to cancel. 결제되지 않은 신청은 취소할 수 없습니다.');
  }
};

/** A delivery that ends while it is being cancelled has won: the cancellation is rejected. */
export const decideFollowDelivery: Decision<InputOf<typeof followDelivery>> = (state, { deliveryId, progress }, { now }) => {
  const application = known(state);
  const { id, accountId, status } = application;
  const of = { applicationId: id, accountId, deliveryId, at: now.toISOString() };
  const completed = progress === 'COMPLETED' && !isFinal(application);
  if (completed && status === 'CANCELLING')
    return [TextbookCancellationRejected({ ...of, status: 'DELIVERED', reason: 'ALREADY_DELIVERED' })];
  if (completed) return [TextbookApplicationDelivered(of)];
  if (progress === 'STARTED' && (status === 'PAID' || isPayable(application))) return [TextbookApplicationDelivering(of)];
  return application.deliveryId === deliveryId ? [] : [deliveryKnown({ deliveryId })];
};
