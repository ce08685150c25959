import { describe, expect, it } from 'vitest';
import { messageTemplate } from '../events.ts';
import { render } from './index.ts';

const everything = {
  amount: 36_000,
  refunded: 36_000,
  orderName: '수학의 정석 기본편 2권',
  kind: 'CREDIT_CARD',
  last4: '4242',
  maskedNumber: '****-****-****-4242',
  reason: 'INSUFFICIENT_FUNDS',
  title: '원룸 청소',
  cleaningAt: '2026-11-25T01:00:00.000Z',
  place: '월드컵북로 1, 302호',
  type: 'ONE_HOUR',
  validUntil: '2026-12-20T06:00:00.000Z',
  serial: 'MD-0001',
  dueAt: '2026-11-20T07:00:00.000Z',
  by: 'RENTER',
  minutesLate: 0,
  className: '자세 교정 PT',
  lessonAt: '2026-11-25T01:00:00.000Z',
  result: '스쿼트 자세가 좋아졌습니다.',
  points: 1_500,
};

describe('the texts of messages', () => {
  it.each(messageTemplate.options)('%s has a title and a body in Korean', (template) => {
    const { title, body } = render(template, everything);
    expect(title).toMatch(/[가-힣]/);
    expect(body).toMatch(/[가-힣].*[.)]$/);
    expect(`${title}${body}`).not.toMatch(/undefined|null|NaN|\$\{/);
  });

  it('say amounts, methods and reasons in the customer’s words', () => {
    expect(render('PAYMENT_APPROVED', everything).body).toBe('「수학의 정석 기본편 2권」 36,000원이 결제되었습니다. (신용카드 ****4242)');
    expect(render('PAYMENT_CANCELLED', { refunded: 1_250_000 }).body).toBe('1,250,000원이 결제하신 수단으로 환불되었습니다.');
    expect(render('TEXTBOOK_APPLICATION_REJECTED', { reason: 'LIMIT_EXCEEDED' }).body).toContain('이용 한도를 초과했습니다');
    expect(render('PAYMENT_METHOD_REMOVED', { kind: 'BANK_ACCOUNT', maskedNumber: '****-4444' }).body).toContain('계좌 ****-4444');
  });

  it('say when with the clock of Seoul', () => {
    expect(render('CLEANING_CONFIRMED', everything).body).toBe('11월 25일 (수) 오전 10:00 「원룸 청소」 예약이 확정되었습니다.');
    expect(render('CLEANING_CONFIRMED', { ...everything, cleaningAt: '2026-11-24T23:30:00+09:00' }).body).toContain(
      '11월 24일 (화) 오후 11:30',
    );
  });

  it('say which lesson, as far as it is known, and what the trainer wrote', () => {
    expect(render('PT_ORDER_CONFIRMED', everything).body).toBe('「자세 교정 PT」 수업 시간은 11월 25일 (수) 오전 10:00입니다.');
    expect(render('PT_ORDER_CONFIRMED', { lessonAt: everything.lessonAt }).body).toBe('PT 수업 시간은 11월 25일 (수) 오전 10:00입니다.');
    expect(render('PT_LESSON_RESULT_POSTED', everything).body).toContain('\n\n스쿼트 자세가 좋아졌습니다.');
    expect(render('PT_ORDER_CANCELLED', {}).body).toBe('PT 수강신청과 수업 일정이 취소되었습니다.');
  });

  it('say points with their unit', () => {
    const gift = { title: '아메리카노 쿠폰', points: 1_500 };
    expect(render('MISSION_REWARDED', { ...gift, title: '첫 대여' }).body).toBe('「첫 대여」 미션 보상으로 1,500포인트가 지급되었습니다.');
    expect(render('GIFT_EXCHANGED', gift).body).toContain('1,500포인트를 사용하여 「아메리카노 쿠폰」');
    expect(render('GIFT_USED', { title: gift.title }).body).toBe('「아메리카노 쿠폰」 선물을 사용했습니다.');
  });

  it('have words for a reason or kind that is new', () => {
    expect(render('PAYMENT_DECLINED', { amount: 1, reason: 'MOON_IN_THE_WRONG_HOUSE' }).body).toContain('승인하지 않았습니다');
    expect(render('PAYMENT_METHOD_REGISTERED', { kind: 'CRYPTO', maskedNumber: '*1' }).body).toContain('결제수단 *1');
  });

  it('take numbers as digits, as another context sends them', () => {
    expect(render('PAYMENT_CANCELLED', { refunded: '36000' })).toEqual(render('PAYMENT_CANCELLED', { refunded: 36_000 }));
  });

  it.each([
    ['PAYMENT_CANCELLED', {}, 'values.refunded'],
    ['PAYMENT_CANCELLED', { refunded: 'much' }, 'values.refunded'],
    ['CLEANING_DONE', { title: '원룸 청소', cleaningAt: 'soon' }, 'values.cleaningAt'],
    ['PAYMENT_METHOD_CHANGED', { kind: 'CREDIT_CARD' }, 'values.maskedNumber'],
    ['PT_LESSON_RESULT_POSTED', { lessonAt: '2026-11-25T01:00:00Z' }, 'values.result'],
    ['MISSION_REWARDED', { title: '첫 대여' }, 'values.points'],
  ] as const)('%s of %j is refused for %s', (template, values, field) => {
    expect(() => render(template, values)).toThrow(expect.objectContaining({ code: 'BAD_INPUT', details: { field } }));
  });
});
