import { z } from 'zod';
import { amount, template, won, words } from './template.ts';
import { kindInWords, reasonInWords } from './words.ts';

export const paymentApproved = template(z.object({ orderName: words, amount, kind: words, last4: words }), (payment) => ({
  title: '결제가 완료되었습니다',
  body: `「${payment.orderName}」 ${won(payment.amount)}이 결제되었습니다. (${kindInWords(payment.kind)} ****${payment.last4})`,
}));

export const paymentDeclined = template(z.object({ amount, reason: words }), (payment) => ({
  title: '결제가 거절되었습니다',
  body: `${won(payment.amount)} 결제가 거절되었습니다: ${reasonInWords(payment.reason)}.`,
}));

export const paymentCancelled = template(z.object({ refunded: amount }), ({ refunded }) => ({
  title: '결제가 취소되었습니다',
  body: `${won(refunded)}이 결제하신 수단으로 환불되었습니다.`,
}));
