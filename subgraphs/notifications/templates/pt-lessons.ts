import { z } from 'zod';
import { template, words } from './template.ts';
import { timeInWords } from './words.ts';

const instant = z.iso.datetime({ offset: true });
const lesson = z.object({ className: words.optional() });

/** Not every event names the class. */
const which = ({ className }: z.infer<typeof lesson>) => (className ? `「${className}」` : 'PT');

export const ptOrderConfirmed = template(lesson.extend({ lessonAt: instant }), ({ lessonAt, ...confirmed }) => ({
  title: 'PT 수업이 확정되었습니다',
  body: `${which(confirmed)} 수업 시간은 ${timeInWords(lessonAt)}입니다.`,
}));

export const ptLessonResultPosted = template(lesson.extend({ lessonAt: instant, result: words }), ({ lessonAt, result, ...held }) => ({
  title: 'PT 수업 결과가 등록되었습니다',
  body: `${timeInWords(lessonAt)} ${which(held)} 수업 결과입니다.\n\n${result}`,
}));

export const ptOrderCancelled = template(lesson, (cancelled) => ({
  title: 'PT 수강신청이 취소되었습니다',
  body: `${which(cancelled)} 수강신청과 수업 일정이 취소되었습니다.`,
}));

export const ptCancellationRejected = template(lesson, (kept) => ({
  title: 'PT 수강신청을 취소할 수 없습니다',
  body: `${which(kept)} 수업이 이미 진행되어 수강신청을 취소할 수 없습니다.`,
}));
