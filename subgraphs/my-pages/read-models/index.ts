import type { PrismaClient } from '../generated/prisma/client.ts';
import { cleaningReservations, cleaningReservationsView } from './cleaning-reservations.ts';
import { giftRows, giftsView } from './gifts.ts';
import { missionRecords, missionRecordsView } from './mission-records.ts';
import { paymentMethods, paymentMethodsView } from './payment-methods.ts';
import { ptOrders, ptOrdersView } from './pt-orders.ts';
import { textbookApplications, textbookApplicationsView } from './textbook-applications.ts';
import { ticketRows, ticketsView } from './tickets.ts';
import type { Row, View } from './view.ts';

/** Something that is made of each view, whatever its rows are. */
type Made<T> = <R extends Row, Shown extends { readonly status: string }>(view: View<R, Shown>) => readonly T[];

/** What is made of all views. */
export const ofEveryView = <T>(make: Made<T>): T[] => [
  ...make(textbookApplicationsView),
  ...make(paymentMethodsView),
  ...make(cleaningReservationsView),
  ...make(ticketsView),
  ...make(ptOrdersView),
  ...make(missionRecordsView),
  ...make(giftsView),
];

/** How the views are read, by their names. */
export const readModels = (prisma: PrismaClient) => ({
  TEXTBOOK_APPLICATION: textbookApplications(prisma),
  PAYMENT_METHOD: paymentMethods(prisma),
  CLEANING_RESERVATION: cleaningReservations(prisma),
  TICKET: ticketRows(prisma),
  PT_ORDER: ptOrders(prisma),
  MISSION_RECORD: missionRecords(prisma),
  GIFT: giftRows(prisma),
});

export type ReadModels = ReturnType<typeof readModels>;
