import type { PrismaClient } from '../generated/prisma/client.ts';
import { cleaningReservations } from './cleaning-reservations.ts';
import { paymentMethods } from './payment-methods.ts';
import { textbookApplications } from './textbook-applications.ts';
import { ticketRows } from './tickets.ts';

/** All views, by their names. */
export const readModels = (prisma: PrismaClient) => ({
  TEXTBOOK_APPLICATION: textbookApplications(prisma),
  PAYMENT_METHOD: paymentMethods(prisma),
  CLEANING_RESERVATION: cleaningReservations(prisma),
  TICKET: ticketRows(prisma),
});

export type ReadModels = ReturnType<typeof readModels>;
