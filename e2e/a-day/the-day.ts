import { expect } from 'vitest';

/** Everything of an account and of its page, each thing with what other contexts say of it: one query, eighteen contexts. */
export const THE_DAY = `query TheDay {
  me {
    id displayName email roles openedAt messenger { channel chatId }
    paymentMethods { edges { node { id maskedNumber isDefault status } } }
    payments { edges { node { id context reference orderName amount status refunded } } }
    textbookApplications { edges { node { ...Textbook } } }
    deliveries { edges { node { status title application { id status } } } }
    cleaningReservations { edges { node { ...Reservation } } }
    ptOrders { edges { node { ...Order } } }
    tickets { edges { node { ...Ticket } } }
    rentals { edges { node { status redemption kickboard { serial status } ticket { id } } } }
    missionRecords { edges { node { ...Record } } }
    rewards { edges { node { title points record { status mission { title } } } } }
    wallet {
      balance held
      entries { edges { node { kind change balance title reward { points } exchange { gift { status } } } } }
      exchanges { edges { node { ...Exchange } } }
    }
    gifts { edges { node { title points status item { title remaining } exchange { id status } } } }
    messages(first: 100) { edges { node { template channel status about { type } } } }
    myPage {
      account { displayName }
      remainingTickets
      paymentMethods { edges { node { maskedNumber isDefault paymentMethod { status } } } }
      textbookApplications { edges { node { status paymentStatus deliveryStatus application { ...Textbook } } } }
      cleaningReservations { edges { node { status paymentStatus cleaningStatus reservation { ...Reservation } } } }
      ptOrders { edges { node { status assignmentStatus scheduleStatus className result order { ...Order } } } }
      tickets { edges { node { status paymentStatus kickboardSerial ticket { ...Ticket } rental { status } kickboard { serial status } } } }
      missionRecords { edges { node { status points messageChannel record { ...Record } } } }
      gifts { edges { node { status title points exchange { ...Exchange } } } }
    }
  }
}
fragment Textbook on TextbookApplication { id status title amount book { title price } payment { amount status } delivery { status } }
fragment Reservation on CleaningReservation { id status title amount plan { name } payment { amount status } cleaning { status } }
fragment Order on PtOrder { id status ptClass { name } trainer { displayName } assignment { status } schedule { status result } }
fragment Ticket on Ticket { id status amount payment { amount status } rental { status kickboard { serial } } }
fragment Record on MissionRecord { status title points mission { title } reward { points } message { template channel status } }
fragment Exchange on GiftExchange { id status title points giftItem { title } wallet { balance } gift { status } }`;

/** What the day was made of. */
export interface Day {
  readonly account: { readonly id: string; readonly chatId: string };
  readonly book: { readonly title: string; readonly price: number };
  readonly applicationId: string;
  readonly plan: { readonly name: string; readonly price: number };
  readonly reservationId: string;
  readonly ptClass: string;
  readonly result: string;
  readonly orderId: string;
  readonly ticket: { readonly id: string; readonly price: number };
  readonly serial: string;
  /** In the order in which they were achieved. */
  readonly missions: readonly { readonly title: string; readonly points: number }[];
  readonly gift: { readonly title: string; readonly points: number; readonly stock: number };
  readonly exchangeId: string;
  /** Templates of what was told in the app and in Telegram, in any order. */
  readonly inApp: readonly string[];
  readonly inTelegram: readonly string[];
}

const listed = (...nodes: readonly unknown[]) => ({ edges: nodes.map((node) => ({ node })) });

/** What the query shows of it, the messages apart, whose order is nobody's promise. */
export function shownOf(day: Day, trainer: string) {
  const { account, book, plan, ticket, missions, gift } = day;
  const paid = (amount: number) => ({ amount, status: 'APPROVED' });
  const card = { maskedNumber: '****-****-****-4242', isDefault: true };
  const payment = (context: string, reference: string, amount: number) => ({
    ...{ id: expect.any(String), context, reference, orderName: expect.any(String), ...paid(amount), refunded: 0 },
  });
  const textbook = {
    ...{ id: day.applicationId, status: 'DELIVERED', title: book.title, amount: book.price, book },
    ...{ payment: paid(book.price), delivery: { status: 'DELIVERED' } },
  };
  const reservation = {
    ...{ id: day.reservationId, status: 'DONE', title: plan.name, amount: plan.price, plan: { name: plan.name } },
    ...{ payment: paid(plan.price), cleaning: { status: 'DONE' } },
  };
  const order = {
    ...{ id: day.orderId, status: 'COMPLETED', ptClass: { name: day.ptClass }, trainer: { displayName: trainer } },
    ...{ assignment: { status: 'ORDER_CONFIRMED' }, schedule: { status: 'RESULT_POSTED', result: day.result } },
  };
  const kickboard = { serial: day.serial, status: 'AVAILABLE' };
  const used = {
    ...{ id: ticket.id, status: 'USED', amount: ticket.price, payment: paid(ticket.price) },
    rental: { status: 'RETURNED', kickboard: { serial: day.serial } },
  };
  const records = missions.toReversed().map(({ title, points }) => ({
    ...{ status: 'MESSAGED', title, points, mission: { title }, reward: { points } },
    message: { template: 'MISSION_REWARDED', channel: 'TELEGRAM', status: 'SENT' },
  }));
  const earned = missions.reduce((sum, { points }) => sum + points, 0);
  const [item, balance] = [{ title: gift.title, points: gift.points }, earned - gift.points];
  const exchange = {
    ...{ id: day.exchangeId, status: 'CAPTURED', ...item, giftItem: { title: gift.title } },
    ...{ wallet: { balance }, gift: { status: 'USED' } },
  };
  return {
    ...{ id: account.id, displayName: '김이투', email: expect.stringContaining('@'), roles: ['CUSTOMER'], openedAt: expect.any(String) },
    messenger: { channel: 'TELEGRAM', chatId: account.chatId },
    paymentMethods: listed({ id: expect.any(String), ...card, status: 'REGISTERED' }),
    payments: listed(
      payment('tickets', ticket.id, ticket.price),
      payment('reservations', day.reservationId, plan.price),
      payment('applications', day.applicationId, book.price),
    ),
    textbookApplications: listed(textbook),
    deliveries: listed({ status: 'DELIVERED', title: book.title, application: { id: day.applicationId, status: 'DELIVERED' } }),
    cleaningReservations: listed(reservation),
    ptOrders: listed(order),
    tickets: listed(used),
    rentals: listed({ status: 'RETURNED', redemption: 'REDEEMED', kickboard, ticket: { id: ticket.id } }),
    missionRecords: listed(...records),
    rewards: listed(...records.map(({ title, points }) => ({ title, points, record: { status: 'MESSAGED', mission: { title } } }))),
    wallet: { balance, held: 0, entries: expect.anything(), exchanges: listed(exchange) },
    gifts: listed({
      ...{ ...item, status: 'USED', item: { title: gift.title, remaining: gift.stock - 1 } },
      exchange: { id: day.exchangeId, status: 'CAPTURED' },
    }),
    messages: expect.anything(),
    myPage: {
      ...{ account: { displayName: '김이투' }, remainingTickets: 0 },
      paymentMethods: listed({ ...card, paymentMethod: { status: 'REGISTERED' } }),
      textbookApplications: listed({
        ...{ status: 'DELIVERED', paymentStatus: 'APPROVED', deliveryStatus: 'DELIVERED', application: textbook },
      }),
      cleaningReservations: listed({ status: 'DONE', paymentStatus: 'APPROVED', cleaningStatus: 'DONE', reservation }),
      ptOrders: listed({
        ...{ status: 'COMPLETED', assignmentStatus: 'ORDER_CONFIRMED', scheduleStatus: 'RESULT_POSTED' },
        ...{ className: day.ptClass, result: day.result, order },
      }),
      tickets: listed({
        ...{ status: 'USED', paymentStatus: 'APPROVED', kickboardSerial: day.serial, ticket: used },
        ...{ rental: { status: 'RETURNED' }, kickboard },
      }),
      missionRecords: listed(
        ...records.map((record) => ({ status: 'MESSAGED', points: record.points, messageChannel: 'TELEGRAM', record })),
      ),
      gifts: listed({ status: 'USED', ...item, exchange }),
    },
  };
}
