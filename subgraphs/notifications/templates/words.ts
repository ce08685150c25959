const KINDS: Readonly<Record<string, string>> = { CREDIT_CARD: '신용카드', DEBIT_CARD: '체크카드', BANK_ACCOUNT: '계좌' };

/** What a customer calls a kind of payment method; one that is not known here is a payment method all the same. */
export const kindInWords = (kind: string): string => KINDS[kind] ?? '결제수단';

const REASONS: Readonly<Record<string, string>> = {
  INSUFFICIENT_FUNDS: '잔액이 부족합니다',
  LIMIT_EXCEEDED: '이용 한도를 초과했습니다',
  LOST_OR_STOLEN: '분실 또는 도난 신고된 결제수단입니다',
  METHOD_REMOVED: '결제수단이 삭제되었거나 변경되었습니다',
  PAYMENT_METHOD_REQUIRED: '등록된 결제수단이 없습니다',
};

/** Why a payment was not made. Reasons are codes of the payments context; an unknown one gets the general words. */
export const reasonInWords = (reason: string): string => REASONS[reason] ?? '카드사 또는 은행에서 승인하지 않았습니다';

const SEOUL = new Intl.DateTimeFormat('ko-KR', {
  timeZone: 'Asia/Seoul',
  month: 'long',
  day: 'numeric',
  weekday: 'short',
  hour: 'numeric',
  minute: '2-digit',
});

/** An instant as a customer reads it, with the clock of Seoul: `11월 25일 (수) 오전 10:00`. */
export const timeInWords = (instant: string): string => SEOUL.format(new Date(instant));
