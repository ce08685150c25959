import { defineContext, react } from '@madang/kernel/context';
import { rowsOf } from '@madang/kernel/prisma';
import { applicationsById } from './adapters/application-store.ts';
import { booksByIsbn } from './adapters/book-store.ts';
import { paymentsAt } from './adapters/payments.ts';
import { applicationsConfig } from './config.ts';
import * as events from './events.ts';
import type { Book, TextbookApplication } from './generated/prisma/client.ts';
import { handlers } from './handlers.ts';
import { paying as payingOf } from './paying.ts';
import { followDeliveryWhenDeliveryCompleted } from './policies/follow-delivery-when-delivery-completed.ts';
import { followDeliveryWhenDeliveryStarted } from './policies/follow-delivery-when-delivery-started.ts';
import { settlePaymentWhenPaymentApproved } from './policies/settle-payment-when-payment-approved.ts';
import { settlePaymentWhenPaymentCancelled } from './policies/settle-payment-when-payment-cancelled.ts';
import { settlePaymentWhenPaymentDeclined } from './policies/settle-payment-when-payment-declined.ts';
import { books as booksModel } from './read-models/books.ts';
import { textbookApplications } from './read-models/textbook-applications.ts';
import { type Loaders, resolvers } from './resolvers.ts';
import { seedBooks } from './seeds.ts';

/** Applications for textbooks, and the catalogue they are chosen from. */
export const applications = defineContext({
  name: 'applications',
  events,
  sdl: new URL('../../schema/subgraphs/applications.graphql', import.meta.url),
  calls: ['payments'],
  build(kernel) {
    const applicationRows = rowsOf<TextbookApplication>(kernel.db, 'TextbookApplication');
    const bookRows = rowsOf<Book>(kernel.db, 'Book');
    const store = applicationsById(applicationRows);
    const byIsbn = booksByIsbn(bookRows);
    const books = booksModel(bookRows);
    const shown = textbookApplications(applicationRows);
    const payments = paymentsAt(kernel.edge('payments'), kernel.name, kernel.log);
    const paying = payingOf(kernel, { applications: store, payments, config: applicationsConfig(kernel.env) });
    const run = handlers(kernel, { applications: store, booksByIsbn: byIsbn, findBook: books.find, paying });
    return {
      resolvers: resolvers(run, { books, applications: shown }),
      loaders: ({ actor }): Loaders => ({ books: books.loader(), applications: shown.loader(actor) }),
      reactions: [
        react(settlePaymentWhenPaymentApproved, run.settlePayment),
        react(settlePaymentWhenPaymentDeclined, run.settlePayment),
        react(settlePaymentWhenPaymentCancelled, run.settlePayment),
        react(followDeliveryWhenDeliveryStarted, run.followDelivery),
        react(followDeliveryWhenDeliveryCompleted, run.followDelivery),
      ],
      intents: paying.intents,
      seed: () => seedBooks(kernel, byIsbn, run),
    };
  },
});
