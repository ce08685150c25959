import { z } from 'zod';
import { template, words } from './template.ts';
import { timeInWords } from './words.ts';

const cleaning = z.object({ title: words, cleaningAt: z.iso.datetime({ offset: true }) });

/** Which cleaning, and when: `11월 25일(수) 오전 10:00 「원룸 청소」`. */
const which = ({ title, cleaningAt }: z.infer<typeof cleaning>) => `${timeInWords(cleaningAt)} 「${title}」`;

export const cleaningReserved = template(cleaning.extend({ place: words }), ({ place, ...reserved }) => ({
  title: '청소가 예약되었습니다',
  body: `${which(reserved)} 예약을 접수했습니다. 담당자가 확정하면 알려 드립니다. (${place})`,
}));

export const cleaningConfirmed = template(cleaning, (confirmed) => ({
  title: '청소 예약이 확정되었습니다',
  body: `${which(confirmed)} 예약이 확정되었습니다.`,
}));

export const cleaningDone = template(cleaning, (done) => ({
  title: '청소가 완료되었습니다',
  body: `${which(done)} 서비스가 완료되었습니다. 이용해 주셔서 감사합니다.`,
}));

export const cleaningCancelled = template(cleaning, (cancelled) => ({
  title: '청소 예약이 취소되었습니다',
  body: `${which(cancelled)} 예약이 취소되었습니다. 환불 알림은 따로 보내 드립니다.`,
}));

export const cleaningCancellationRejected = template(cleaning, (kept) => ({
  title: '청소 예약을 취소할 수 없습니다',
  body: `${which(kept)} 서비스가 이미 완료되어 예약을 취소할 수 없습니다. 결제는 그대로 유지됩니다.`,
}));
