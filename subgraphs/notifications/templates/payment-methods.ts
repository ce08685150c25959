import { z } from 'zod';
import { template, words } from './template.ts';
import { kindInWords } from './words.ts';

const method = z.object({ kind: words, maskedNumber: words });

export const paymentMethodRegistered = template(method, ({ kind, maskedNumber }) => ({
  title: '결제수단이 등록되었습니다',
  body: `${kindInWords(kind)} ${maskedNumber} 등록이 완료되었습니다.`,
}));

export const paymentMethodChanged = template(method, ({ kind, maskedNumber }) => ({
  title: '결제수단이 변경되었습니다',
  body: `앞으로 ${kindInWords(kind)} ${maskedNumber} 번호로 결제됩니다.`,
}));

export const paymentMethodMadeDefault = template(method, ({ kind, maskedNumber }) => ({
  title: '기본 결제수단이 변경되었습니다',
  body: `앞으로 모든 결제는 ${kindInWords(kind)} ${maskedNumber} 번호로 진행됩니다.`,
}));

export const paymentMethodRemoved = template(method, ({ kind, maskedNumber }) => ({
  title: '결제수단이 삭제되었습니다',
  body: `${kindInWords(kind)} ${maskedNumber} 번호로는 더 이상 결제되지 않습니다.`,
}));
