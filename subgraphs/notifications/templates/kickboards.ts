import { z } from 'zod';
import { template, words } from './template.ts';
import { timeInWords } from './words.ts';

const instant = z.iso.datetime({ offset: true });
const TICKETS: Readonly<Record<string, string>> = { ONE_HOUR: '1시간 이용권', ONE_DAY: '1일 이용권' };

export const ticketPurchased = template(z.object({ type: words, validUntil: instant }), ({ type, validUntil }) => ({
  title: '킥보드 이용권을 구매했습니다',
  body: `${TICKETS[type] ?? '이용권'}으로 ${timeInWords(validUntil)}까지 킥보드를 대여하실 수 있습니다.`,
}));

export const kickboardRented = template(z.object({ serial: words, dueAt: instant }), ({ serial, dueAt }) => ({
  title: '킥보드를 대여했습니다',
  body: `${serial} 킥보드를 ${timeInWords(dueAt)}까지 반납해 주세요.`,
}));

const returned = z.object({ serial: words, by: z.enum(['RENTER', 'ADMIN']), minutesLate: z.coerce.number().int().nonnegative() });

export const kickboardReturned = template(returned, ({ serial, by, minutesLate }) => {
  const what = by === 'ADMIN' ? `관리자가 ${serial} 킥보드를 반납 처리했습니다.` : `${serial} 킥보드가 반납되었습니다.`;
  const late = minutesLate > 0 ? ` 이용 시간을 ${minutesLate}분 초과했습니다.` : '';
  return { title: '킥보드가 반납되었습니다', body: `${what}${late}` };
});
