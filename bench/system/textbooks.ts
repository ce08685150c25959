/** A book of the catalogue. */
export interface Book {
  readonly id: string;
  readonly title: string;
  readonly price: number;
}

export interface Order {
  readonly bookId: string;
  readonly quantity: number;
  readonly address: {
    readonly recipient: string;
    readonly phone: string;
    readonly postalCode: string;
    readonly line1: string;
    readonly line2?: string;
  };
  readonly idempotencyKey: string;
}

/** What `applyForTextbook` answers. */
export interface Applied {
  readonly id: string;
  readonly status: string;
  readonly title: string;
  readonly quantity: number;
  readonly amount: number;
  readonly address: { readonly recipient: string; readonly line1: string };
}

export const APPLY = `mutation Apply($input: ApplyForTextbookInput!) {
  applyForTextbook(input: $input) { id status title quantity amount notice address { recipient line1 } }
}`;

const FAMILY_NAMES = ['김', '이', '박', '최', '정', '강', '조', '윤'];
const GIVEN_NAMES = ['민준', '서연', '하준', '지우', '도윤', '서윤', '시우', '하은'];
const STREETS = ['서울특별시 중구 세종대로', '부산광역시 해운대구 센텀중앙로', '대전광역시 유성구 대학로', '광주광역시 서구 상무중앙로'];

const below = (count: number): number => Math.floor(Math.random() * count);
const pick = <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item;
const digits = (count: number): string => Array.from({ length: count }, () => below(10)).join('');

/** An order that nobody has made before: book, quantity, address and key are drawn. */
export function newOrder(books: readonly Book[]): { book: Book; order: Order } {
  const book = pick(books);
  const order = {
    bookId: book.id,
    quantity: 1 + below(5),
    address: {
      recipient: pick(FAMILY_NAMES) + pick(GIVEN_NAMES),
      phone: `010-${digits(4)}-${digits(4)}`,
      postalCode: digits(5),
      line1: `${pick(STREETS)} ${1 + below(999)}`,
      ...(Math.random() < 0.5 ? { line2: `${1 + below(30)}층 ${digits(3)}호` } : {}),
    },
    idempotencyKey: crypto.randomUUID(),
  };
  return { book, order };
}

/** PAID, or on its way by the time of the answer, which needs it to have been paid: events may be faster than the answer. */
export const isPaid = ({ status }: Pick<Applied, 'status'>): boolean => status === 'PAID' || status === 'DELIVERING';

/** What is wrong with an answer to that order, whatever its status; undefined when it is right. */
export function flawOf(applied: Applied, { book, order }: ReturnType<typeof newOrder>): string | undefined {
  const amount = book.price * order.quantity;
  if (applied.amount !== amount) return `amount ${applied.amount} instead of ${amount}`;
  if (applied.title !== book.title || applied.quantity !== order.quantity) return `another book or quantity: ${JSON.stringify(applied)}`;
  const { recipient, line1 } = applied.address;
  if (recipient !== order.address.recipient || line1 !== order.address.line1) return `another address: ${JSON.stringify(applied)}`;
  return undefined;
}

/** A card number that the sandbox takes for a good one: 16 digits with a valid check digit. */
export function cardNumber(): string {
  const payload = `4242${digits(11)}`;
  const sum = [...payload].reduce((total, digit, at) => {
    const doubled = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return payload + String((10 - (sum % 10)) % 10);
}
