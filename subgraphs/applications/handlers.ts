import type { Cause, Kernel, Store } from '@madang/kernel/context';
import { type InputOf, Refused, requireUser } from '@madang/kernel/domain';
import { rowOf } from './adapters/application-store.ts';
import { type Book, book } from './book/book.ts';
import { registerBook } from './book/commands.ts';
import { decideRegisterBook } from './book/decide.ts';
import type { Paying } from './paying.ts';
import type { TextbookApplicationRow } from './read-models/textbook-applications.ts';
import { applyForTextbook, cancelTextbookApplication, type followDelivery, type settlePayment } from './textbook-application/commands.ts';
import { decideApply, decideCancel, decideFollowDelivery, isHidden } from './textbook-application/decide.ts';
import { type TextbookApplication, textbookApplication } from './textbook-application/textbook-application.ts';

export interface Parts {
  readonly applications: Store<TextbookApplication>;
  readonly booksByIsbn: Store<Book>;
  readonly findBook: (bookId: string) => Promise<Book | null>;
  readonly paying: Paying;
}

export type Handlers = ReturnType<typeof handlers>;

/** One function per command. */
export const handlers = (kernel: Kernel, { applications, booksByIsbn, findBook, paying }: Parts) => ({
  async applyForTextbook(raw: unknown, cause: Cause): Promise<TextbookApplicationRow> {
    const { idempotencyKey, ...order } = applyForTextbook.parse(raw);
    const asking = { scope: `applyForTextbook by ${requireUser(cause.actor).accountId}`, key: idempotencyKey };
    const applicationId = kernel.newId();
    const applied = await kernel.execute({
      aggregate: textbookApplication,
      store: applications,
      key: applicationId,
      known: null,
      input: { ...order, applicationId, book: await findBook(order.bookId) },
      decide: decideApply,
      cause,
      alongside: () => ({ open: [paying.pay(applicationId)] }),
      idempotency: { ...asking, input: order },
    });
    if (applied.state.status !== 'APPLIED') return rowOf(applied.state);
    const attempted = await paying.attempt(applied, cause, asking);
    if (isHidden(attempted.state))
      throw new Refused('PAYMENT_METHOD_REQUIRED', 'Register a payment method first. 결제수단을 먼저 등록해 주세요.');
    return rowOf(attempted.state);
  },

  async cancelTextbookApplication(raw: unknown, cause: Cause): Promise<TextbookApplicationRow> {
    const input = cancelTextbookApplication.parse(raw);
    const { state } = await kernel.execute({
      aggregate: textbookApplication,
      store: applications,
      key: input.applicationId,
      input,
      decide: decideCancel,
      cause,
      alongside: () => ({ close: [paying.pay(input.applicationId)] }),
    });
    return rowOf(state);
  },

  async settlePayment(input: InputOf<typeof settlePayment>, cause: Cause): Promise<void> {
    await paying.settle(input, cause);
  },

  async followDelivery(input: InputOf<typeof followDelivery>, cause: Cause): Promise<void> {
    const { applicationId: key } = input;
    await kernel.execute({ aggregate: textbookApplication, store: applications, key, input, decide: decideFollowDelivery, cause });
  },

  /** `newId` is the book's id, unless one of that ISBN is there. */
  async registerBook(raw: unknown, cause: Cause, newId = kernel.newId()): Promise<Book> {
    const { idempotencyKey, ...particulars } = registerBook.parse(raw);
    const { state } = await kernel.execute({
      aggregate: book,
      store: booksByIsbn,
      key: particulars.isbn,
      input: { ...particulars, newId },
      decide: decideRegisterBook,
      cause,
      idempotency: { scope: 'registerBook', key: idempotencyKey, input: particulars },
    });
    return state;
  },
});
