import { z } from 'zod';
import { template, words } from './template.ts';
import { reasonInWords } from './words.ts';

const nothing = z.object({});

export const textbookPaymentDeferred = template(nothing, () => ({
  title: '결제가 지연되고 있습니다',
  body: '교재 신청은 접수되었습니다. 결제가 가능해지면 자동으로 진행되며, 따로 하실 일은 없습니다.',
}));

export const textbookApplicationRejected = template(z.object({ reason: words }), ({ reason }) => ({
  title: '교재 신청이 거절되었습니다',
  body: `결제가 이루어지지 않아 교재 신청이 거절되었습니다: ${reasonInWords(reason)}.`,
}));

export const textbookApplicationExpired = template(nothing, () => ({
  title: '교재 신청이 만료되었습니다',
  body: '정해진 시간 안에 결제가 이루어지지 않아 교재 신청이 만료되었습니다. 필요하시면 다시 신청해 주세요.',
}));

export const textbookDeliveryStarted = template(nothing, () => ({
  title: '교재 배송이 시작되었습니다',
  body: '신청하신 교재가 출발했습니다.',
}));

export const textbookDelivered = template(nothing, () => ({
  title: '교재 배송이 완료되었습니다',
  body: '신청하신 교재가 배송지에 전달되었습니다.',
}));

export const textbookApplicationCancelled = template(nothing, () => ({
  title: '교재 신청이 취소되었습니다',
  body: '교재 신청과 배송이 취소되었습니다. 결제하신 금액이 있으면 환불 알림을 따로 보내 드립니다.',
}));

export const textbookCancellationRejected = template(nothing, () => ({
  title: '교재 신청을 취소할 수 없습니다',
  body: '교재가 이미 배송되어 신청을 취소할 수 없습니다. 결제는 그대로 유지됩니다.',
}));
