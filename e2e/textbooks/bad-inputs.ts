import { randomUUID } from 'node:crypto';
import { PLACE, PLAN } from '../harness/cleaning.ts';
import { CARD } from '../harness/people.ts';
import { PT_CLASS, slot } from '../harness/pt.ts';
import { ADDRESS, BOOK } from '../harness/textbooks.ts';

/** Who asks. */
export type Who = 'nobody' | 'student' | 'trainer' | 'manager' | 'admin';

/** The bad inputs of one mutation: `valid` with one field changed each; the key is the field that the refusal must name. */
export interface BadInputs {
  readonly as: Who;
  /** Complete, and good if it were not for the ids. */
  readonly valid: Readonly<Record<string, unknown>>;
  /** Refused with BAD_INPUT and this field. */
  readonly refused: Readonly<Record<string, readonly unknown[]>>;
  /** Not even of the type: refused by GraphQL itself. */
  readonly invalid?: Readonly<Record<string, readonly unknown[]>>;
}

const long = (length: number) => 'x'.repeat(length);
const NOT_IDS = ['', 'x', '01900000-0000-7000-8000', "' OR 1=1 --"];
const address = (more: object) => ({ ...ADDRESS, ...more });

const idOnly = (as: Who, field: string): BadInputs => ({
  as,
  valid: { [field]: randomUUID() },
  refused: { [field]: NOT_IDS },
  invalid: { [field]: [null, {}] },
});

/** By mutation of the public API; a mutation without an entry fails the test. `paymentMethodId` is the student's own. */
export const badInputs = (paymentMethodId: string): Readonly<Record<string, BadInputs>> => ({
  signUp: {
    as: 'nobody',
    valid: { email: 'bad-input@madang.example', password: 'long-enough', displayName: '나입력' },
    refused: {
      email: ['', 'nobody', 'two@at@signs', `${long(250)}@madang.example`],
      password: ['', 'short', long(129)],
      displayName: ['', '   ', long(51), 'bell\u0007'],
    },
    invalid: { email: [null, 7], displayName: [['a', 'b']] },
  },
  signIn: {
    as: 'nobody',
    valid: { email: 'customer@madang.example', password: 'madang-demo-1' },
    refused: { email: ['', long(1_001)], password: ['', long(1_001)] },
    invalid: { password: [null] },
  },
  refreshSession: {
    as: 'nobody',
    valid: { refreshToken: 'x' },
    refused: { refreshToken: ['', long(257)] },
    invalid: { refreshToken: [null] },
  },
  signOut: { as: 'nobody', valid: { refreshToken: 'x' }, refused: { refreshToken: ['', long(257)] }, invalid: { refreshToken: [null] } },
  grantRole: {
    as: 'admin',
    valid: { accountId: randomUUID(), role: 'TRAINER' },
    refused: { accountId: NOT_IDS },
    invalid: { role: ['KING', null] },
  },
  linkMessenger: {
    as: 'student',
    valid: { channel: 'TELEGRAM', chatId: '12345' },
    refused: { chatId: ['', 'abc', '0', '1.5', long(30)] },
    invalid: { channel: ['PIGEON', null] },
  },
  applyForTextbook: {
    as: 'student',
    valid: { bookId: BOOK.id, quantity: 1, address: ADDRESS, idempotencyKey: randomUUID() },
    refused: {
      bookId: NOT_IDS,
      quantity: [0, -1, 101],
      'address.recipient': [address({ recipient: '' }), address({ recipient: long(51) })],
      'address.phone': [address({ phone: '' }), address({ phone: 'call me' })],
      'address.postalCode': [address({ postalCode: '' }), address({ postalCode: '1234' }), address({ postalCode: 'ABCDE' })],
      'address.line1': [address({ line1: '' }), address({ line1: long(201) })],
      'address.line2': [address({ line2: long(201) })],
      idempotencyKey: ['', long(129)],
    },
    invalid: { quantity: ['one', 1.5, 2 ** 40, null], address: [null, 'Seoul', address({ planet: 'Mars' })] },
  },
  cancelTextbookApplication: idOnly('student', 'applicationId'),
  registerBook: {
    as: 'admin',
    valid: { isbn: '9788900000009', title: '책', author: '저자', publisher: '출판사', price: 1_000 },
    refused: {
      isbn: ['', '123', '9788900000001', 'ABCDEFGHIJKLM'],
      title: ['', long(1_001)],
      author: ['', long(1_001)],
      publisher: ['', long(1_001)],
      price: [-1, 2 ** 31 - 1],
      idempotencyKey: ['', long(129)],
    },
    invalid: { price: ['free', 0.5, null] },
  },
  completeDelivery: idOnly('manager', 'deliveryId'),
  markMessageRead: idOnly('student', 'messageId'),
  registerPaymentMethod: {
    as: 'student',
    valid: { kind: 'CREDIT_CARD', number: CARD.good },
    refused: { number: ['', '4242', '4242424242424241', 'four two four two', long(40)], idempotencyKey: ['', long(129)] },
    invalid: { kind: ['CASH', null], number: [null, 4242] },
  },
  changePaymentMethod: {
    as: 'student',
    valid: { paymentMethodId, number: CARD.good },
    refused: { paymentMethodId: NOT_IDS, number: ['', '4242', '4242424242424241', long(40)] },
    invalid: { number: [null] },
  },
  makePaymentMethodDefault: idOnly('student', 'paymentMethodId'),
  removePaymentMethod: idOnly('student', 'paymentMethodId'),
  reserveCleaning: {
    as: 'student',
    valid: { planId: PLAN.id, place: PLACE, at: '2099-11-25T10:00:00+09:00', idempotencyKey: randomUUID() },
    refused: {
      planId: NOT_IDS,
      place: ['', '   ', long(201)],
      at: ['2020-11-25T10:00:00+09:00', '1969-12-31T23:59:59Z'],
      idempotencyKey: ['', long(129)],
    },
    invalid: { at: ['tomorrow', '2099-11-25', '2099-11-25T10:00:00', '2099-13-45T10:00:00Z', null], place: [null, 7] },
  },
  cancelCleaningReservation: idOnly('student', 'reservationId'),
  registerCleaningPlan: {
    as: 'admin',
    valid: { name: '창문 청소', description: '창문을 닦습니다.', minutes: 60, price: 30_000 },
    refused: {
      name: ['', '   ', long(101)],
      description: ['', long(501)],
      minutes: [0, 9, 1_441],
      price: [-1, 0, 2 ** 31 - 1],
      idempotencyKey: ['', long(129)],
    },
    invalid: { minutes: ['long', 1.5, null], price: ['free', 0.5, null] },
  },
  confirmCleaning: idOnly('manager', 'cleaningId'),
  completeCleaning: idOnly('manager', 'cleaningId'),
  purchaseTicket: {
    as: 'student',
    valid: { type: 'ONE_HOUR', phone: '010-1234-5678', idempotencyKey: randomUUID() },
    refused: { phone: ['', 'call me', '1234', long(40)], idempotencyKey: ['', long(129)] },
    invalid: { type: ['ONE_YEAR', null], phone: [null, 1_012_345_678] },
  },
  registerKickboard: {
    as: 'admin',
    valid: { serial: 'E2E-0001', lat: 37.5665, lng: 126.978 },
    refused: {
      serial: ['', long(33), '한글', 'a b'],
      lat: [-90.5, 90.5],
      lng: [-180.5, 180.5],
      idempotencyKey: ['', long(129)],
    },
    invalid: { lat: ['north', null], lng: ['east', null] },
  },
  removeKickboard: idOnly('admin', 'kickboardId'),
  rentKickboard: {
    as: 'student',
    valid: { kickboardId: randomUUID(), ticketId: randomUUID() },
    refused: { kickboardId: NOT_IDS, ticketId: NOT_IDS, idempotencyKey: ['', long(129)] },
    invalid: { kickboardId: [null, {}], ticketId: [null, {}] },
  },
  returnKickboard: {
    as: 'student',
    valid: { rentalId: randomUUID(), lat: 37.5665, lng: 126.978 },
    refused: { rentalId: NOT_IDS, lat: [-90.5, 90.5], lng: [-180.5, 180.5] },
    invalid: { lat: ['north', null], lng: ['east', null] },
  },
  orderPt: {
    as: 'student',
    valid: { classId: PT_CLASS.id, idempotencyKey: randomUUID() },
    refused: { classId: NOT_IDS, idempotencyKey: ['', long(129)] },
    invalid: { classId: [null, {}] },
  },
  cancelPtOrder: idOnly('student', 'orderId'),
  registerPtClass: {
    as: 'admin',
    valid: { name: '복싱 PT', description: '샌드백과 미트', durationMinutes: 50, price: 55_000 },
    refused: {
      name: ['', '   ', long(101)],
      description: ['', '   ', long(501)],
      durationMinutes: [0, 9, 241],
      price: [-1, 2 ** 31 - 1],
      idempotencyKey: ['', long(129)],
    },
    invalid: { durationMinutes: ['long', 1.5, null], price: ['free', 0.5, null] },
  },
  assignTrainer: {
    as: 'manager',
    valid: { orderId: randomUUID(), trainerId: randomUUID() },
    refused: { orderId: NOT_IDS, trainerId: NOT_IDS },
    invalid: { orderId: [null, {}], trainerId: [null, {}] },
  },
  confirmSchedule: {
    as: 'trainer',
    valid: { scheduleId: randomUUID(), at: slot(1) },
    refused: { scheduleId: NOT_IDS, at: ['1969-12-31T23:59:59Z', '9999-12-31T23:59:59Z'] },
    invalid: { at: ['tomorrow', '2099-11-25', '2099-11-25T10:00:00', '2099-13-45T10:00:00Z', null] },
  },
  postLessonResult: {
    as: 'trainer',
    valid: { scheduleId: randomUUID(), result: '자세가 좋아졌습니다.' },
    refused: { scheduleId: NOT_IDS, result: ['', '   ', long(2_001), 'bell\u0007'] },
    invalid: { result: [null, 7] },
  },
  createMission: {
    as: 'admin',
    valid: { title: '첫 걸음', description: '한 번 해 보세요.', points: 100 },
    refused: {
      title: ['', '   ', long(101)],
      description: ['', '   ', long(501)],
      points: [0, -1, 1_000_001],
      idempotencyKey: ['', long(129)],
    },
    invalid: { points: ['many', 1.5, 2 ** 40, null], title: [null, 7] },
  },
  achieveMission: {
    as: 'student',
    valid: { missionId: randomUUID() },
    refused: { missionId: NOT_IDS, idempotencyKey: ['', long(129)] },
    invalid: { missionId: [null, {}] },
  },
  exchangeGift: {
    as: 'student',
    valid: { giftItemId: randomUUID() },
    refused: { giftItemId: NOT_IDS, idempotencyKey: ['', long(129)] },
    invalid: { giftItemId: [null, {}] },
  },
  registerGiftItem: {
    as: 'admin',
    valid: { title: '사탕', description: '달콤합니다.', points: 100, stock: 3 },
    refused: {
      title: ['', '   ', long(101)],
      description: ['', '   ', long(1_001)],
      points: [0, -1, 10_000_001],
      stock: [0, -1, 1_000_001],
      idempotencyKey: ['', long(129)],
    },
    invalid: { points: ['many', 1.5, null], stock: ['many', 1.5] },
  },
  useGift: idOnly('student', 'giftId'),
});
